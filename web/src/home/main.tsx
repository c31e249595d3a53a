import { show } from '../shared/page';
import { Home } from './home';
import '../shared/desk.css';
import './home.css';

void show(() => <Home />);
