import { removeDatabases } from './database-templates';

export default removeDatabases;
