import { registerEnumType } from 'type-graphql';

/** What a similarity was computed of. */
export enum SimilarityOf {
  CLIENT_DESCRIPTOR = 'CLIENT_DESCRIPTOR',
  SERVER = 'SERVER',
}

registerEnumType(SimilarityOf, {
  name: 'SimilarityOf',
  description: 'What a similarity was computed of.',
  valuesConfig: {
    CLIENT_DESCRIPTOR: {
      description: "The client's descriptor and the employee's most similar client template.",
    },
    SERVER: { description: "The photo and the mean of the employee's server templates." },
  },
});
