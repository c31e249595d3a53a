import { Check, Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { FaceTemplate } from './face-template.entity';
import { StoredImage } from './stored-image';

/** The photo of a template that was added to an employee; the first template's is the employee's own. */
@Entity('face_photos')
@Index('face_photos_image_pending', { synchronize: false })
// Without its photo the row is nothing.
@Check('face_photos_image', `image_path is not null`)
export class FacePhoto {
  /** The template's id. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'face_photos_pkey' })
  id!: string;

  /** After the template is deleted, discarded_images contains the rest of the photo. */
  @OneToOne(() => FaceTemplate, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'id', foreignKeyConstraintName: 'face_photos_id_fkey' })
  template?: FaceTemplate;

  @Column(() => StoredImage, { prefix: false })
  image!: StoredImage;
}
