import { Foundation1764000000000 } from './1764000000000-foundation';
import { FaceTemplates1764100000000 } from './1764100000000-face-templates';
import { Installation1764200000000 } from './1764200000000-installation';
import { Challenges1764300000000 } from './1764300000000-challenges';
import { ServerDescriptors1764400000000 } from './1764400000000-server-descriptors';
import { ApiKeys1764500000000 } from './1764500000000-api-keys';
import { Encryption1764600000000 } from './1764600000000-encryption';
import { Privacy1764700000000 } from './1764700000000-privacy';
import { Kiosk1764800000000 } from './1764800000000-kiosk';
import { CdnTargets1764900000000 } from './1764900000000-cdn-targets';
import { KeyUsers1765000000000 } from './1765000000000-key-users';
import { Visits1765100000000 } from './1765100000000-visits';
import { PositionQuality1766000000000 } from './1766000000000-position-quality';
import { Corrections1766010000000 } from './1766010000000-corrections';
import { Reviews1766020000000 } from './1766020000000-reviews';
import { WriteProofs1766100000000 } from './1766100000000-write-proofs';
import { GalleryTokens1766110000000 } from './1766110000000-gallery-tokens';
import { CdnTags1766200000000 } from './1766200000000-cdn-tags';
import { RequestLocks1766300000000 } from './1766300000000-request-locks';
import { NameKeys1766400000000 } from './1766400000000-name-keys';
import { Evidence1766600000000 } from './1766600000000-evidence';
import { PersonAuditKeys1766700000000 } from './1766700000000-person-audit-keys';
import { AuditSignatures1766710000000 } from './1766710000000-audit-signatures';
import { PunchOrigins1766720000000 } from './1766720000000-punch-origins';
import { ErasureLogs1766730000000 } from './1766730000000-erasure-logs';
import { SecondVectors1766800000000 } from './1766800000000-second-vectors';
import { SimilarityOf1766800010000 } from './1766800010000-similarity-of';
import { FaceReindex1766850000000 } from './1766850000000-face-reindex';
import { SeenFaces1766860000000 } from './1766860000000-seen-faces';
import { DeletedOffices1766910000000 } from './1766910000000-deleted-offices';
import { WorkingDays1766900000000 } from './1766900000000-working-days';
import { ClaimLook1766920000000 } from './1766920000000-claim-look';
import { HolidayTypes1766930000000 } from './1766930000000-holiday-types';

/** Every migration in order; a released one is never edited, only followed. */
export const migrations = [
  Foundation1764000000000,
  FaceTemplates1764100000000,
  Installation1764200000000,
  Challenges1764300000000,
  ServerDescriptors1764400000000,
  ApiKeys1764500000000,
  Encryption1764600000000,
  Privacy1764700000000,
  Kiosk1764800000000,
  CdnTargets1764900000000,
  KeyUsers1765000000000,
  Visits1765100000000,
  PositionQuality1766000000000,
  Corrections1766010000000,
  Reviews1766020000000,
  WriteProofs1766100000000,
  GalleryTokens1766110000000,
  CdnTags1766200000000,
  RequestLocks1766300000000,
  NameKeys1766400000000,
  Evidence1766600000000,
  PersonAuditKeys1766700000000,
  AuditSignatures1766710000000,
  PunchOrigins1766720000000,
  ErasureLogs1766730000000,
  SecondVectors1766800000000,
  SimilarityOf1766800010000,
  FaceReindex1766850000000,
  SeenFaces1766860000000,
  WorkingDays1766900000000,
  DeletedOffices1766910000000,
  ClaimLook1766920000000,
  HolidayTypes1766930000000,
];
