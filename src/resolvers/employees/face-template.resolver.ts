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
import { ConsentInput } from './consent';
import { FacesInput } from './faces.input';
import { FewPhotosHint, fewPhotosHint } from './few-photos';
import { IsEmployeeId, IsNested } from '../validators';

@InputType({ description: 'A face to enrol for an existing employee.' })
export class FaceTemplateInput extends FacesInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @IsNested()
  @Field(() => ConsentInput, {
    nullable: true,
    description:
      'A new consent. Required if REQUIRE_CONSENT is set and the employee gave none, or if they withdrew it. Omit to keep the existing consent.',
  })
  consent?: ConsentInput | null;
}

@ObjectType({ description: 'Result of an enrolment.' })
class FaceTemplatePayload {
  @Field(() => FaceTemplate, { description: 'The first of the new templates.' })
  template!: FaceTemplate;

  @Field(() => [FaceTemplate], { description: 'The new templates, one for each photo.' })
  templates!: readonly FaceTemplate[];

  @Field(() => Employee, { description: 'The employee.' })
  employee!: Employee;

  @FewPhotosHint()
  hint!: string | null;
}

const payloadOf = async (
  { employee, templates }: EnrolledTemplates,
  context: Context,
): Promise<FaceTemplatePayload> => ({
  template: templates[0] as FaceTemplate,
  templates,
  employee,
  hint: await fewPhotosHint(context, employee.id),
});

@Resolver(() => Employee)
export class FaceTemplateResolver {
  constructor(private readonly service: TemplateService) {}

  @Mutation(() => FaceTemplatePayload, {
    description:
      "Enrols further faces of an active employee, one for each photo. An employee can have 10. Errors: BAD_USER_INPUT (also if the face is unlike the employee's other templates), NOT_FOUND, CONFLICT, FACE_ALREADY_ENROLLED.",
  })
  async addFaceTemplate(
    @Arg('input', () => FaceTemplateInput, { description: 'The employee and the face.' })
    input: FaceTemplateInput,
    @Ctx() context: Context,
  ): Promise<FaceTemplatePayload> {
    return payloadOf(await this.service.add(input, context.requester), context);
  }

  @Mutation(() => FaceTemplatePayload, {
    description:
      "Replaces all faces of an active employee. The first photo becomes the employee's photo. Errors: BAD_USER_INPUT, NOT_FOUND, FACE_ALREADY_ENROLLED.",
  })
  async replaceFace(
    @Arg('input', () => FaceTemplateInput, { description: 'The employee and the face.' })
    input: FaceTemplateInput,
    @Ctx() context: Context,
  ): Promise<FaceTemplatePayload> {
    return payloadOf(await this.service.replace(input, context.requester), context);
  }

  @Mutation(() => Employee, {
    description:
      "Removes a template. After the answer it matches nowhere. Its photo is deleted from disk and CDN, except the photo from the registration, which replaceFace replaces. Errors: NOT_FOUND, CONFLICT (the employee's last template).",
  })
  removeFaceTemplate(
    @Arg('templateId', () => ID, { description: 'Id of the template.' }) templateId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.service.remove(templateId, context.requester);
  }

  @FieldResolver(() => [FaceTemplate], {
    description: 'Enrolled faces, oldest first. They do not contain descriptors.',
  })
  faceTemplates(@Root() { id }: Employee, @Ctx() { loaders }: Context): Promise<readonly FaceTemplate[]> {
    return loaders.faceTemplates.load(id);
  }
}
