using Signals;

using var changed = new Signal<int>();
changed.Connect(async value => await Task.Delay(value));
changed.Emit(1);
