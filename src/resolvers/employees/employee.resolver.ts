import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import { badInput } from '../../errors';
import type { RegistrationService } from '../../services/employees/enrolment/registration-service';
import type { EmployeeService } from '../../services/employees/employee-service';
import type { StorageService } from '../../services/photos/storage-service';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { Consent, consentOf } from './consent';
import { EmployeeFilter, RegisterEmployeeInput, UpdateEmployeeInput } from './employee.inputs';
import { FewPhotosHint, fewPhotosHint } from './few-photos';
import { ImageUpload, imageUploadOf, LOCAL_URL } from '../image-upload';
import { NOT_FOR_KIOSKS } from '../access-policy/permissions';

enum FaceDetectionStatus {
  WORKING = 'WORKING',
}

registerEnumType(FaceDetectionStatus, {
  name: 'FaceDetectionStatus',
  description: "Whether the employee's face can be matched.",
  valuesConfig: { WORKING: { description: 'The face is enrolled and can be matched.' } },
});

@ObjectType({ description: 'Result of a registration.' })
class RegisterEmployeePayload {
  @Field(() => String, { description: 'Always "Employee registered successfully!".' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: "URL of the photo's copy on Cloudinary. Null until the photo is uploaded.",
  })
  cloudinaryUrl!: string | null;

  @Field(() => FaceDetectionStatus, { description: "Whether the employee's face can be matched." })
  faceDetectionStatus!: FaceDetectionStatus;

  @Field(() => Employee, { description: 'The new employee.' })
  employee!: Employee;

  @FewPhotosHint()
  hint!: string | null;
}

const EmployeeConnection = connectionOf('Employee', 'employees', () => Employee);
type EmployeePage = InstanceType<typeof EmployeeConnection>;

@Resolver(() => Employee)
export class EmployeeResolver {
  constructor(
    private readonly service: EmployeeService,
    private readonly registration: RegistrationService,
    private readonly storage: StorageService,
  ) {}

  @Query(() => EmployeeConnection, {
    description: 'Lists employees by name, then by id. Errors: BAD_USER_INPUT (`first` or `after`).',
    complexity: pageComplexity,
  })
  async employees(
    @Arg('filter', () => EmployeeFilter, { nullable: true, description: 'Omit for all.' })
    filter: EmployeeFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<EmployeePage> {
    return new EmployeeConnection(await this.service.list(filter ?? {}, page));
  }

  @Query(() => Employee, {
    nullable: true,
    description: 'The employee with this employeeId. Upper and lower case are the same. Null if not found.',
  })
  employee(
    @Arg('employeeId', () => String, { description: "The company's own id." }) employeeId: string,
  ): Promise<Employee | null> {
    return this.service.find(employeeId);
  }

  @Mutation(() => RegisterEmployeePayload, {
    description:
      'Registers an employee and enrols their face, from photos or from one photo with a descriptor. Errors: BAD_USER_INPUT (with `field`; for an unusable photo also `reason`, `hint` and the number of the `photo`), NOT_FOUND (office), CONFLICT (the employeeId is taken), FACE_ALREADY_ENROLLED (for another active employee), UNAVAILABLE.',
  })
  async registerEmployee(
    @Arg('input', () => RegisterEmployeeInput, { description: 'The employee.' })
    input: RegisterEmployeeInput,
    @Ctx() context: Context,
  ): Promise<RegisterEmployeePayload> {
    const employee = await this.registration.register(input, context.requester);
    return {
      message: 'Employee registered successfully!',
      cloudinaryUrl: this.storage.cloudinaryUrl(employee.image),
      faceDetectionStatus: FaceDetectionStatus.WORKING,
      employee,
      hint: await fewPhotosHint(context, employee.id),
    };
  }

  @Mutation(() => Employee, {
    description: "Changes an employee's name, office or employment. Errors: BAD_USER_INPUT, NOT_FOUND.",
  })
  updateEmployee(
    @Arg('input', () => UpdateEmployeeInput, { description: 'The changes.' }) input: UpdateEmployeeInput,
    @Ctx() { requester }: Context,
  ): Promise<Employee> {
    const { employeeId, name, officeId, officeFrom, employedFrom, employedUntil } = input;
    if (name === null) throw badInput('name', 'must not be null');
    if (employedFrom === null) throw badInput('employedFrom', 'must not be null');
    if (officeFrom != null && officeId === undefined) {
      throw badInput('officeFrom', 'must be given together with officeId');
    }
    const changes = { name, officeId, officeFrom, employedFrom, employedUntil };
    return this.service.update(employeeId, changes, requester);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `${LOCAL_URL} Null if no face is enrolled, and for a KIOSK.`,
  })
  faceImageUrl(@Root() employee: Employee): string | null {
    return this.storage.localUrl(employee);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'URL of the copy on Cloudinary. Null until the photo is uploaded, and for a KIOSK.',
  })
  cloudinaryFaceImageUrl(@Root() { image }: Employee): string | null {
    return this.storage.cloudinaryUrl(image);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `\`cloudinaryFaceImageUrl\` if available, otherwise \`faceImageUrl\`. ${NOT_FOR_KIOSKS}`,
  })
  imageUrl(@Root() employee: Employee): string | null {
    return this.storage.imageUrl(employee);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: `Square crop of the face from Cloudinary, in the best format for the browser. The local photo if there is no copy on Cloudinary. ${NOT_FOR_KIOSKS}`,
  })
  thumbnailUrl(
    @Root() employee: Employee,
    @Arg('size', () => Int, { defaultValue: 200, description: 'Width and height in pixels, 16 to 1024.' })
    size: number,
  ): string | null {
    if (size < 16 || size > 1024) throw badInput('size', 'must be 16 to 1024 pixels');
    return this.storage.thumbnailUrl(employee, size);
  }

  @FieldResolver(() => ImageUpload, { description: "Status of the photo's upload to the CDN." })
  imageUpload(@Root() { image }: Employee): ImageUpload {
    return imageUploadOf(image, this.storage.cdnConfigured);
  }

  @FieldResolver(() => Consent, {
    nullable: true,
    description: "The employee's consent. Null if none is recorded.",
  })
  consent(@Root() employee: Employee): Consent | null {
    return consentOf(employee);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of the office. Null if the employee has none.',
  })
  async officeName(@Root() employee: Employee, @Ctx() context: Context): Promise<string | null> {
    return (await this.office(employee, context))?.name ?? null;
  }

  @FieldResolver(() => Office, {
    nullable: true,
    description: "The employee's office. Null if they have none.",
  })
  async office(@Root() { office, officeId }: Employee, @Ctx() { loaders }: Context): Promise<Office | null> {
    if (officeId === null) return null;
    return office ?? loaders.office.load(officeId);
  }
}
