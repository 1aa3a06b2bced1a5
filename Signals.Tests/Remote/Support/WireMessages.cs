extern alias remote;
// Signals.Ipc has a copy of these messages of its own.

global using CreditRequest = remote::Signals.Remote.Wire.CreditRequest;
global using ExchangeBatch = remote::Signals.Remote.Wire.ExchangeBatch;
global using ExchangeItem = remote::Signals.Remote.Wire.ExchangeItem;
global using Grant = remote::Signals.Remote.Wire.Grant;
global using ListRequest = remote::Signals.Remote.Wire.ListRequest;
global using SubscribeRequest = remote::Signals.Remote.Wire.SubscribeRequest;
global using UnsubscribeRequest = remote::Signals.Remote.Wire.UnsubscribeRequest;
global using WatchRequest = remote::Signals.Remote.Wire.WatchRequest;
