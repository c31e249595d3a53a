import { texts } from '../messages';
import { show } from '../shared/page';
import { SignIn } from '../shared/sign-in';
import { Board } from './board';
import '../shared/desk.css';
import './board.css';

void show(() => (
  <SignIn title={texts().board.title} probe={(api) => api.punches({}, null, 1)}>
    {(session) => <Board session={session} />}
  </SignIn>
));
