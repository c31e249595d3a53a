import { texts } from '../messages';
import { show } from '../shared/page';
import { SignIn } from '../shared/sign-in';
import { Hours } from './hours';
import '../shared/desk.css';
import './hours.css';

void show(() => (
  <SignIn title={texts().hours.title} probe={(api) => api.requireStaff()}>
    {(session) => <Hours session={session} />}
  </SignIn>
));
