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
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { FaceTemplate } from '../../entities/face-template.entity';
import type { EnrolledTemplates, TemplateService } from '../../services/employees/enrolment/template-service';
import type { UploadSource } from '../../services/photos/input/upload-reader';
import { ConsentInput, IsNested } from './consent';
import {
  AllowDuplicateFace,
  PhotoAsUpload,
  PhotoInBase64,
  PhotosAsUploads,
  PhotosInBase64,
  SentDescriptor,
} from '../face-fields';
import { IsEmployeeId } from '../validators';

@InputType({ description: 'A further, or a new, face of an employee.' })
export class FaceTemplateInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @PhotoInBase64()
  imageBase64?: string | null;

  @PhotoAsUpload()
  image?: UploadSource | null;

  @PhotosInBase64()
  imagesBase64?: string[] | null;

  @PhotosAsUploads()
  images?: UploadSource[] | null;

  @SentDescriptor()
  faceDescriptor?: unknown;

  @AllowDuplicateFace()
  allowDuplicateFace!: boolean;

  @IsNested()
  @Field(() => ConsentInput, {
    nullable: true,
    description:
      'A new consent. Needed where the employee has none (REQUIRE_CONSENT) or has withdrawn theirs; left out: theirs holds.',
  })
  consent?: ConsentInput | null;
}

@ObjectType({ description: 'What came of an enrolment.' })
class FaceTemplatePayload {
  @Field(() => FaceTemplate, { description: 'The new template; of several photos that of the first.' })
  template!: FaceTemplate;

  @Field(() => [FaceTemplate], { description: 'The new templates, one a photo.' })
  templates!: readonly FaceTemplate[];

  @Field(() => Employee, { description: 'The employee whose it is.' })
  employee!: Employee;
}

const payloadOf = ({ employee, templates }: EnrolledTemplates): FaceTemplatePayload => ({
  template: templates[0] as FaceTemplate,
  templates,
  employee,
});

@Resolver(() => Employee)
export class FaceTemplateResolver {
  constructor(private readonly service: TemplateService) {}

  @Mutation(() => FaceTemplatePayload, {
    description:
      'Adds faces, one a photo, to an active employee, who may have 10. Errors: ' +
      'BAD_USER_INPUT (also where the face is not like the others), NOT_FOUND, CONFLICT, FACE_ALREADY_ENROLLED.',
  })
  async addFaceTemplate(
    @Arg('input', () => FaceTemplateInput, { description: 'Whose face, and the face.' })
    input: FaceTemplateInput,
    @Ctx() context: Context,
  ): Promise<FaceTemplatePayload> {
    return payloadOf(await this.service.add(input, context.requester));
  }

  @Mutation(() => FaceTemplatePayload, {
    description:
      "Takes all faces of an active employee out and new ones in; the first photo becomes the employee's. Errors: " +
      'BAD_USER_INPUT, NOT_FOUND, FACE_ALREADY_ENROLLED.',
  })
  async replaceFace(
    @Arg('input', () => FaceTemplateInput, { description: 'Whose face, and the face.' })
    input: FaceTemplateInput,
    @Ctx() context: Context,
  ): Promise<FaceTemplatePayload> {
    return payloadOf(await this.service.replace(input, context.requester));
  }

  @Mutation(() => Employee, {
    description:
      'Removes a face; once answered it matches nowhere any more. The photo it was added with goes too, from disk and ' +
      "CDN; that of the registration is the employee's own and stays until replaceFace. Errors: NOT_FOUND, CONFLICT for " +
      'the last one.',
  })
  removeFaceTemplate(
    @Arg('templateId', () => ID, { description: 'Which template.' }) templateId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.service.remove(templateId, context.requester);
  }

  @FieldResolver(() => [FaceTemplate], {
    description: 'The enrolled faces, oldest first; no vector is exposed.',
  })
  faceTemplates(@Root() { id }: Employee, @Ctx() { loaders }: Context): Promise<readonly FaceTemplate[]> {
    return loaders.faceTemplates.load(id);
  }
}
