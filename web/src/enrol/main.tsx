import { texts } from '../messages';
import { show } from '../shared/page';
import { SignIn } from '../shared/sign-in';
import { Desk } from './desk';
import '../shared/desk.css';
import './enrol.css';

void show(() => (
  <SignIn title={texts().enrol.title} probe={(api) => api.employees('', null, 1)}>
    {(session) => <Desk session={session} />}
  </SignIn>
));
