import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../context';
import { Employee } from '../entities/employee.entity';
import { FaceTemplate } from '../entities/face-template.entity';
import type { TemplateService } from '../services/enrolment/template-service';
import type { UploadSource } from '../services/storage/upload-reader';
import { FaceDescriptorScalar, UploadScalar } from './scalars';
import { IsEmployeeId } from './validators';

@InputType({ description: 'A further, or a new, face of an employee.' })
export class FaceTemplateInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'A data URI or bare base64 of a JPEG, PNG or WebP. Exactly one of imageBase64 and image is given.',
  })
  imageBase64?: string | null;

  @Field(() => UploadScalar, { nullable: true, description: 'The same photo as a multipart upload.' })
  image?: UploadSource | null;

  @Field(() => FaceDescriptorScalar, { nullable: true, description: 'Computed by the client.' })
  faceDescriptor?: unknown;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "Enrol the face although it matches another employee's (twins); it is kept in the audit trail.",
  })
  allowDuplicateFace!: boolean;
}

@ObjectType({ description: 'What came of an enrolment.' })
export class FaceTemplatePayload {
  @Field(() => FaceTemplate, { description: 'The new template.' })
  template!: FaceTemplate;

  @Field(() => Employee, { description: 'The employee whose it is.' })
  employee!: Employee;
}

@Resolver(() => Employee)
export class FaceTemplateResolver {
  constructor(private readonly service: TemplateService) {}

  @Mutation(() => FaceTemplatePayload, {
    description:
      'Adds a face to an active employee, who may have 10; a check compares with the best of them. Errors: ' +
      'BAD_USER_INPUT (also where the face is not like the others), NOT_FOUND, CONFLICT, FACE_ALREADY_ENROLLED.',
  })
  addFaceTemplate(
    @Arg('input', () => FaceTemplateInput, { description: 'Whose face, and the face.' })
    input: FaceTemplateInput,
  ): Promise<FaceTemplatePayload> {
    return this.service.add(input);
  }

  @Mutation(() => FaceTemplatePayload, {
    description:
      "Takes all faces of an active employee out and one new in; its photo becomes the employee's. Errors: " +
      'BAD_USER_INPUT, NOT_FOUND, FACE_ALREADY_ENROLLED.',
  })
  replaceFace(
    @Arg('input', () => FaceTemplateInput, { description: 'Whose face, and the face.' })
    input: FaceTemplateInput,
  ): Promise<FaceTemplatePayload> {
    return this.service.replace(input);
  }

  @Mutation(() => Employee, {
    description:
      'Removes a face; once answered it matches nowhere any more. The photo it was added with goes too, from disk and ' +
      "CDN; that of the registration is the employee's own and stays until replaceFace. Errors: NOT_FOUND, CONFLICT for " +
      'the last one.',
  })
  removeFaceTemplate(
    @Arg('templateId', () => ID, { description: 'Which template.' }) templateId: string,
  ): Promise<Employee> {
    return this.service.remove(templateId);
  }

  @FieldResolver(() => [FaceTemplate], {
    description: 'The enrolled faces, oldest first; no vector is exposed.',
  })
  faceTemplates(@Root() { id }: Employee, @Ctx() { loaders }: Context): Promise<readonly FaceTemplate[]> {
    return loaders.faceTemplates.load(id);
  }
}
