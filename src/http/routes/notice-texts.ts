export type NoticeLanguage = 'en' | 'es' | 'de' | 'fr' | 'ar';

/** What went wrong, as far as it makes a difference to a person at a browser. */
export type NoticeKind =
  | 'notFound'
  /** A link that was signed, or good for one use. */
  | 'expiredLink'
  | 'refused'
  | 'badRequest'
  | 'tooMany'
  | 'unavailable'
  | 'internal';

export interface Notice {
  readonly title: string;
  readonly advice: string;
}

type NoticeTexts = Readonly<Record<NoticeKind, Notice>> & {
  readonly home: string;
  readonly requestId: string;
};

export const NOTICES: Readonly<Record<NoticeLanguage, NoticeTexts>> = {
  en: {
    notFound: { title: 'Page not found', advice: 'This page does not exist.' },
    expiredLink: {
      title: 'This link does not work',
      advice: 'It has expired, was already used, or is incomplete. Ask for a new link.',
    },
    refused: {
      title: 'Access refused',
      advice: 'You need permission to open this address. Sign in, or ask an administrator.',
    },
    badRequest: { title: 'Request not understood', advice: 'Check the address and try again.' },
    tooMany: { title: 'Too many requests', advice: 'Wait a minute and reload this page.' },
    unavailable: { title: 'The service is not available', advice: 'Wait a minute and reload this page.' },
    internal: { title: 'Something went wrong', advice: 'An administrator can find the cause in the log.' },
    home: 'Go to the start page',
    requestId: 'Request',
  },
  es: {
    notFound: { title: 'Página no encontrada', advice: 'No hay nada en esta dirección.' },
    expiredLink: {
      title: 'Este enlace no funciona',
      advice: 'Ha caducado, ya se usó o le falta una parte. Pida un enlace nuevo.',
    },
    refused: { title: 'Acceso denegado', advice: 'El servicio no acepta esta solicitud.' },
    badRequest: { title: 'Solicitud no válida', advice: 'Revise la dirección e inténtelo de nuevo.' },
    tooMany: { title: 'Demasiadas solicitudes', advice: 'Espere un minuto y vuelva a cargar la página.' },
    unavailable: {
      title: 'El servicio no está disponible',
      advice: 'Espere un minuto y vuelva a cargar la página.',
    },
    internal: {
      title: 'Algo salió mal',
      advice: 'Un administrador puede encontrar la causa en el registro.',
    },
    home: 'Ir a la página de inicio',
    requestId: 'Solicitud',
  },
  de: {
    notFound: { title: 'Seite nicht gefunden', advice: 'Unter dieser Adresse gibt es nichts.' },
    expiredLink: {
      title: 'Dieser Link funktioniert nicht',
      advice:
        'Er ist abgelaufen, wurde schon benutzt oder ist unvollständig. Bitten Sie um einen neuen Link.',
    },
    refused: { title: 'Zugriff verweigert', advice: 'Der Dienst nimmt diese Anfrage nicht an.' },
    badRequest: {
      title: 'Anfrage nicht verstanden',
      advice: 'Prüfen Sie die Adresse und versuchen Sie es noch einmal.',
    },
    tooMany: { title: 'Zu viele Anfragen', advice: 'Warten Sie eine Minute und laden Sie die Seite neu.' },
    unavailable: {
      title: 'Der Dienst ist nicht verfügbar',
      advice: 'Warten Sie eine Minute und laden Sie die Seite neu.',
    },
    internal: { title: 'Etwas ist schiefgegangen', advice: 'Die Administration findet die Ursache im Log.' },
    home: 'Zur Startseite',
    requestId: 'Anfrage',
  },
  fr: {
    notFound: { title: 'Page introuvable', advice: 'Il n’y a rien à cette adresse.' },
    expiredLink: {
      title: 'Ce lien ne fonctionne pas',
      advice: 'Il a expiré, a déjà servi ou est incomplet. Demandez un nouveau lien.',
    },
    refused: { title: 'Accès refusé', advice: 'Le service n’accepte pas cette requête.' },
    badRequest: { title: 'Requête incomprise', advice: 'Vérifiez l’adresse et réessayez.' },
    tooMany: { title: 'Trop de requêtes', advice: 'Attendez une minute, puis rechargez la page.' },
    unavailable: {
      title: 'Le service n’est pas disponible',
      advice: 'Attendez une minute, puis rechargez la page.',
    },
    internal: {
      title: 'Une erreur s’est produite',
      advice: 'Un administrateur en trouvera la cause dans le journal.',
    },
    home: 'Aller à la page d’accueil',
    requestId: 'Requête',
  },
  ar: {
    notFound: { title: 'الصفحة غير موجودة', advice: 'لا يوجد شيء في هذا العنوان.' },
    expiredLink: {
      title: 'هذا الرابط لا يعمل',
      advice: 'انتهت صلاحيته أو استُعمل من قبل أو ينقصه جزء. اطلب رابطًا جديدًا.',
    },
    refused: { title: 'رُفض الوصول', advice: 'الخدمة لا تقبل هذا الطلب.' },
    badRequest: { title: 'الطلب غير مفهوم', advice: 'تحقق من العنوان وحاول مرة أخرى.' },
    tooMany: { title: 'طلبات كثيرة جدًا', advice: 'انتظر دقيقة ثم أعد تحميل الصفحة.' },
    unavailable: { title: 'الخدمة غير متاحة', advice: 'انتظر دقيقة ثم أعد تحميل الصفحة.' },
    internal: { title: 'حدث خطأ ما', advice: 'يجد المسؤول السبب في السجل.' },
    home: 'إلى صفحة البداية',
    requestId: 'الطلب',
  },
};
