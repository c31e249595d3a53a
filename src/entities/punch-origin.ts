import { Column } from 'typeorm';

/** Who sent a punch, from where and with which program. Embedded (`prefix: false`). Null: from before this was kept. */
export class PunchOrigin {
  /** The requester's name in the audit trail, for example key:<id>. */
  @Column({ name: 'sent_by', type: 'varchar', length: 64, nullable: true })
  sentBy!: string | null;

  /** The network of the request's address: the first 24 bits of IPv4, 48 of IPv6. */
  @Column({ name: 'sent_from', type: 'varchar', length: 64, nullable: true })
  sentFrom!: string | null;

  /** Name and version of the program, as it says. */
  @Column({ name: 'client_version', type: 'varchar', length: 100, nullable: true })
  clientVersion!: string | null;
}
