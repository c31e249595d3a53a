import type { Messages } from '../messages';

export const kiosk: Messages['kiosk'] = {
  title: 'Zeiterfassung',
  pairing: {
    title: 'Dieses Tablet koppeln',
    text: 'Geben Sie den Einmalcode von Ihrer Administration ein.',
    code: 'Kopplungscode',
    pair: 'Koppeln',
    refused: 'Dieser Code ist nicht gültig oder schon verbraucht. Bitten Sie um einen neuen.',
    revoked:
      'Die Kopplung dieses Tablets wurde aufgehoben. Bitten Sie die Administration um einen neuen Code.',
    offline: 'Der Server ist nicht erreichbar. Prüfen Sie das Netz dieses Tablets.',
  },
  camera: {
    title: 'Die Kamera ist nicht verfügbar',
    denied: 'Erlauben Sie dieser Seite in den Einstellungen des Browsers die Kamera.',
    missing: 'Schließen Sie eine Kamera an.',
    busy: 'Ein anderes Programm benutzt die Kamera. Beenden Sie es.',
    retries: 'Diese Seite versucht es von selbst wieder.',
    insecure: 'Öffnen Sie diese Seite über HTTPS. Sonst gibt der Browser die Kamera nicht frei.',
    models:
      'Die Gesichtserkennung ließ sich nicht laden. Laden Sie neu, oder nehmen Sie einen aktuellen Browser.',
  },
  blind:
    'Dieser Server wertet keine Fotos aus, deshalb erkennt diese Seite niemanden. Ein Administrator muss FACE_WORKERS setzen.',
  starting: 'Einen Moment…',
  hints: {
    look: 'Schauen Sie in die Kamera',
    closer: 'Kommen Sie näher',
    back: 'Etwas zurück, bitte',
    centre: 'Bitte in den Umriss',
    light: 'Bitte mehr Licht',
    glare: 'Zu viel Licht auf Ihrem Gesicht',
    alone: 'Bitte einzeln',
    straight: 'Schauen Sie geradeaus',
    blurred: 'Halten Sie still',
    hold: 'Stillhalten…',
    absent: 'Stellen Sie sich vor die Kamera',
    next: 'Der Nächste, bitte',
  },
  checking: 'Wird geprüft…',
  actions: {
    TURN_LEFT: 'Drehen Sie den Kopf nach links',
    TURN_RIGHT: 'Drehen Sie den Kopf nach rechts',
    LOOK_UP: 'Heben Sie den Kopf',
    OPEN_MOUTH: 'Öffnen Sie den Mund',
  },
  step: 'Schritt {step} von {steps}',
  nextPerson: 'Nächste Person',
  typeNumber: 'Nummer eintippen',
  scanBadge: 'Ausweis scannen',
  useFace: 'Nur mit Gesicht',
  scanning: 'Halten Sie den Code Ihres Ausweises vor die Kamera',
  continue: 'Weiter',
  numberInvalid: 'Buchstaben, Ziffern, Punkt, Binde- und Unterstrich, höchstens 64',
  checkingFor: 'Nummer {employeeId}',
  greetings: {
    morning: 'Guten Morgen, {name}',
    afternoon: 'Guten Tag, {name}',
    evening: 'Guten Abend, {name}',
    goodbye: 'Auf Wiedersehen, {name}',
  },
  punchAt: '{direction} {time}',
  alreadyAt: 'Schon erfasst: {direction} {time}',
  notices: { MISSING_LOGOUT: 'Am {date} fehlt die Abmeldung. Bitte dem Personalbüro melden.' },
  kept: {
    title: 'Gespeichert',
    text: '{time}. Wird gesendet, sobald das Netz wieder da ist.',
    service: '{time}. Wird gesendet, sobald der Server es aufnehmen kann.',
  },
  offline: 'Ohne Netz',
  waiting: { one: '{count} Buchung wartet', other: '{count} Buchungen warten' },
  refusedLater: {
    one: '{count} gespeicherte Buchung wurde abgelehnt. Bitte dem Personalbüro melden.',
    other: '{count} gespeicherte Buchungen wurden abgelehnt. Bitte dem Personalbüro melden.',
  },
  refusedList: 'Abgelehnte Buchungen',
  acknowledge: 'Liste leeren',
  unknownPerson: 'ohne Nummer',
  outcomes: {
    FACE_MISMATCH: {
      title: 'Das ist nicht das Gesicht zu dieser Nummer',
      advice: 'Prüfen Sie die Nummer und versuchen Sie es noch einmal. Sonst hilft das Personalbüro.',
    },
    FACE_NOT_RECOGNIZED: {
      title: 'Ich erkenne Sie nicht',
      advice: 'Mütze oder Sonnenbrille ab und noch einmal, oder Nummer eintippen.',
    },
    OUTSIDE_OFFICE: {
      title: 'Sie sind nicht am Standort',
      advice:
        'Sie sind {distance} von {office} entfernt. Versuchen Sie es dort, oder fragen Sie im Personalbüro.',
    },
    POSITION_UNCERTAIN: {
      title: 'Ihr Standort ist ungewiss',
      advice: 'Warten Sie kurz, gehen Sie ans Fenster oder ins Freie, und versuchen Sie es noch einmal.',
    },
    REVIEW: {
      title: 'Für das Personalbüro gespeichert',
      advice: 'Das Personalbüro sieht sich diese Buchung an. Sie müssen nichts tun.',
    },
    EMPLOYEE_NOT_FOUND: {
      title: 'Diese Nummer gibt es nicht',
      advice: 'Prüfen Sie die Nummer, oder fragen Sie im Personalbüro, ob Sie erfasst sind.',
    },
    DESCRIPTOR_MISMATCH: {
      title: 'Das Foto passt nicht',
      advice:
        'Versuchen Sie es noch einmal. Passiert es wieder, bitten Sie das Personalbüro, diese Seite neu zu laden.',
    },
    REPLAY_DETECTED: {
      title: 'Dieses Foto wurde schon benutzt',
      advice: 'Stellen Sie sich selbst vor die Kamera und versuchen Sie es noch einmal.',
    },
    OTHER_OFFICE: {
      title: 'Sie gehören zu einem anderen Standort',
      advice: 'Buchen Sie an Ihrem eigenen Standort, oder fragen Sie im Personalbüro.',
    },
  },
  faceFaults: {
    NO_FACE: {
      title: 'Ich sehe kein Gesicht',
      advice: 'Schauen Sie in die Kamera, nichts vor dem Gesicht.',
    },
    SEVERAL_FACES: {
      title: 'Ich sehe mehrere Personen',
      advice: 'Bitte treten Sie einzeln vor. Andere halten Abstand.',
    },
    TOO_SMALL: { title: 'Sie sind zu weit weg', advice: 'Kommen Sie näher an die Kamera.' },
    TOO_DARK: {
      title: 'Es ist zu dunkel',
      advice: 'Drehen Sie sich zum Licht, oder schalten Sie eines ein.',
    },
    TOO_BRIGHT: { title: 'Es ist zu hell', advice: 'Gehen Sie aus dem hellen Licht.' },
    BLURRED: {
      title: 'Das Foto ist unscharf',
      advice: 'Halten Sie still. Bleibt es unscharf, reinigen Sie die Linse.',
    },
    TURNED_AWAY: {
      title: 'Sie haben weggeschaut',
      advice: 'Schauen Sie gerade in die Kamera, Kopf aufrecht.',
    },
    CUT_OFF: { title: 'Ihr Gesicht ist abgeschnitten', advice: 'Das ganze Gesicht gehört in den Umriss.' },
    UNCLEAR: {
      title: 'Ihr Gesicht ist nicht deutlich genug',
      advice: 'Schauen Sie in die Kamera. Nehmen Sie die Sonnenbrille ab. Nichts soll das Gesicht verdecken.',
    },
  },
  challengeRefusals: {
    MISSING: { title: 'Diese Prüfung war unvollständig', advice: 'Versuchen Sie es noch einmal.' },
    UNKNOWN: { title: 'Diese Prüfung gilt nicht mehr', advice: 'Versuchen Sie es noch einmal.' },
    EXPIRED: {
      title: 'Das hat zu lange gedauert',
      advice: 'Versuchen Sie es noch einmal. Sie haben zwei Minuten.',
    },
    USED: { title: 'Diese Prüfung gab es schon', advice: 'Versuchen Sie es noch einmal.' },
    FOREIGN: { title: 'Diese Prüfung war für jemand anderen', advice: 'Beginnen Sie von vorn.' },
    WITHOUT_LIVENESS: {
      title: 'Hier müssen Sie sich bewegen',
      advice: 'Noch einmal, und folgen Sie der Anzeige.',
    },
  },
  livenessFaults: {
    ACTION_NOT_SHOWN: {
      title: 'Ich habe die Bewegung nicht gesehen',
      advice: 'Noch einmal, mit deutlicher Bewegung.',
    },
    FACE_NOT_USABLE: { title: 'Ein Foto war nicht klar', advice: 'Noch einmal, bei gutem Licht und nah.' },
    ANOTHER_PERSON: {
      title: 'Ich habe verschiedene Personen gesehen',
      advice: 'Bleiben Sie allein vor der Kamera.',
    },
    SAME_PICTURE: { title: 'Zweimal dasselbe Bild', advice: 'Stellen Sie sich selbst vor die Kamera.' },
    NOT_SEPARATE: {
      title: 'Ich habe keine Bewegung des Kopfes gesehen',
      advice: 'Bewegen Sie den ganzen Kopf vor der Kamera.',
    },
  },
  faults: {
    BAD_USER_INPUT: {
      title: 'Der Server hat das nicht angenommen',
      advice: 'Noch einmal, oder dem Personalbüro melden.',
    },
    UNAUTHENTICATED: {
      title: 'Dieses Tablet ist nicht mehr gekoppelt',
      advice: 'Bitte dem Personalbüro melden.',
    },
    FORBIDDEN: { title: 'Dieses Tablet darf das nicht', advice: 'Bitte dem Personalbüro melden.' },
    NOT_FOUND: { title: 'Den Standort gibt es nicht mehr', advice: 'Bitte dem Personalbüro melden.' },
    CONFLICT: { title: 'Diese Prüfung gab es schon', advice: 'Versuchen Sie es noch einmal.' },
    TOO_MANY_REQUESTS: {
      title: 'Zu viele Versuche',
      advice: 'Warten Sie {wait} und versuchen Sie es noch einmal.',
    },
    UNAVAILABLE: {
      title: 'Der Server ist ausgelastet',
      advice: 'Warten Sie {wait} und versuchen Sie es noch einmal.',
    },
    OFFLINE: { title: 'Kein Netz', advice: 'Gleich noch einmal, oder dem Personalbüro melden.' },
    INTERNAL_SERVER_ERROR: {
      title: 'Auf dem Server ging etwas schief',
      advice: 'Noch einmal, oder dem Personalbüro melden.',
    },
  },
  lockedForToday: {
    title: 'Heute zu viele Versuche',
    advice: 'Gehen Sie zur Personalabteilung. Sie kann die Sperre aufheben.',
  },
  noPosition: {
    title: 'Der Standort dieses Tablets ist unbekannt',
    advice:
      'Erlauben Sie dieser Seite den Standort in den Einstellungen des Browsers, oder melden Sie es dem Personalbüro.',
  },
  storageFull: {
    title: 'Der Speicher dieses Tablets ist voll',
    advice: 'Ihre Buchung wurde nicht gespeichert. Bitte dem Personalbüro melden.',
  },
  savedPunches: {
    title: 'Gespeicherte Buchungen',
    count: {
      one: '{count} Buchung ist auf diesem Tablet gespeichert',
      other: '{count} Buchungen sind auf diesem Tablet gespeichert',
    },
    persistent: 'Der Browser löscht sie nicht.',
    fragile:
      'Der Browser kann sie bei Platzmangel löschen. Installieren Sie diese Seite als App, oder erlauben Sie ihr, Daten zu speichern.',
    unknown: 'Der Browser sagt nicht, ob er sie löschen kann.',
    used: '{percent} des Speichers sind belegt.',
    full: 'Speicher voll',
    key: 'Schlüssel der Personalabteilung oder eines Administrators',
    hint: 'Die Datei wird mit diesem Schlüssel verschlüsselt. Nur er öffnet sie.',
    export: 'Exportieren',
    refused: 'Dieser Schlüssel darf keine Buchungen exportieren.',
    failed: 'Der Export ist fehlgeschlagen. Prüfen Sie das Netz und versuchen Sie es noch einmal.',
    stay: 'Sie werden gesendet, wenn dieses Tablet wieder gekoppelt ist.',
  },
  offlineImpossible: {
    title: 'Kein Netz',
    advice:
      'Ohne Netz kann dieses Tablet Sie nicht prüfen. Bitte dem Personalbüro melden und später noch einmal versuchen.',
  },
};
