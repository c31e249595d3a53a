/**
 * apollo-upload-client 19 has its types in JSDoc. A project without `exactOptionalPropertyTypes` can read them there
 * (`allowJs` and `maxNodeModuleJsDepth: 10`) and leave this file out.
 */
declare module 'apollo-upload-client/UploadHttpLink.mjs' {
  import { ApolloLink } from '@apollo/client/link';

  export default class UploadHttpLink extends ApolloLink {
    constructor(options?: { uri?: string; headers?: Record<string, string>; fetch?: typeof fetch });
  }
}
