import { Attendance } from './attendance.entity';
import { Employee } from './employee.entity';
import { FaceTemplate } from './face-template.entity';
import { GalleryChange, GalleryState } from './gallery-change.entity';
import { Office } from './office.entity';

/** Every table, for the DataSource. */
export const entities = [Office, Employee, FaceTemplate, Attendance, GalleryState, GalleryChange];
