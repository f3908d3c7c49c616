import { mount } from 'svelte';
import App from './App.svelte';
import './styles/index.css';
import { useFirstLanguage } from './words/words.svelte';

const target = document.getElementById('app');
if (target) void useFirstLanguage().then(() => mount(App, { target }));
