using CommunityToolkit.Mvvm.ComponentModel;
using CommunityToolkit.Mvvm.Input;
using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>A view model of CommunityToolkit.Mvvm that follows properties of this library, and properties that follow it.</summary>
public class MvvmToolkitTests
{
    [Test]
    public void P14_a_view_model_of_the_toolkit_and_properties_follow_each_other()
    {
        var price = new Property<decimal>(10);
        using var order = new OrderViewModel(price);
        var log = new List<string>();
        order.PropertyChanged += (_, args) => log.Add($"{args.PropertyName} {order.Quantity} {order.Total}");

        order.Quantity = 3;
        Assert.That(log, Is.EqualTo((string[])["Total 3 30", "Quantity 3 30"]).Or.EqualTo((string[])["Quantity 3 30", "Total 3 30"]));
        log.Clear();
        price.Value = 5;
        Assert.That(log, Is.EqualTo((string[])["Total 3 15"]));
        log.Clear();
        order.Quantity = 3;
        price.Value = 5;
        order.Note = "no one computes this";

        Assert.That(log, Is.EqualTo((string[])["Note 3 15"]));
        Assert.That(order.Computations, Is.EqualTo(3));
    }

    [Test]
    public void P14_a_command_of_the_toolkit_follows_a_computed_property()
    {
        var price = new Property<decimal>(10);
        using var order = new OrderViewModel(price);
        var states = new List<bool>();
        order.Send.CanExecuteChanged += (_, _) => states.Add(order.Send.CanExecute(null));

        order.Quantity = 1;
        order.Quantity = 2;
        order.Quantity = 0;

        Assert.That(states, Is.EqualTo((bool[])[true, false]));
    }

    [Test]
    public void P14_a_batch_notifies_a_view_model_of_the_toolkit_once()
    {
        var price = new Property<decimal>(10);
        using var order = new OrderViewModel(price) { Quantity = 1 };
        int totals = 0;
        order.PropertyChanged += (_, args) => totals += args.PropertyName == nameof(OrderViewModel.Total) ? 1 : 0;

        using (Property.Batch())
        {
            price.Value = 20;
            order.Quantity = 2;
            Assert.That(order.Total, Is.EqualTo(40));
        }

        Assert.That((totals, order.Total), Is.EqualTo((1, 40m)));
    }

    private sealed class OrderViewModel : ObservableObject, IDisposable
    {
        private readonly Computed<decimal> _total;
        private readonly Computed<bool> _canSend;
        private int _quantity;
        private string _note = "";

        internal OrderViewModel(IReadOnlyProperty<decimal> price)
        {
            IReadOnlyProperty<int> quantity = this.ToProperty(order => order.Quantity);
            _total = Computed.Of(() =>
            {
                Computations++;
                return price.Value * quantity.Value;
            });
            _canSend = Computed.Of(() => quantity.Value > 0);
            Send = new RelayCommand(() => { }, () => _canSend.Value);
            _total.Connect(_ => OnPropertyChanged(nameof(Total)));
            _canSend.Connect(_ => Send.NotifyCanExecuteChanged());
        }

        internal int Computations { get; private set; }

        internal int Quantity
        {
            get => _quantity;
            set => SetProperty(ref _quantity, value);
        }

        internal string Note
        {
            get => _note;
            set => SetProperty(ref _note, value);
        }

        internal decimal Total => _total.Value;

        internal RelayCommand Send { get; }

        public void Dispose()
        {
            _total.Dispose();
            _canSend.Dispose();
        }
    }
}
