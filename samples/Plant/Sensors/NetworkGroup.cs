using System.Net.NetworkInformation;

namespace Plant.Sensors;

/// <summary>The traffic of a network interface.</summary>
internal sealed class NetworkGroup : GaugeGroup
{
    private const int MostInterfaces = 3;
    private const double BytesPerKibibyte = 1024;

    private readonly NetworkInterface _interface;
    private readonly (Func<IPInterfaceStatistics, double> Total, Gauge Gauge, Rate Rate)[] _rates;

    private NetworkGroup(NetworkInterface networkInterface, TimeProvider clock)
        : base("network")
    {
        _interface = networkInterface;
        string title = networkInterface.Name;
        string name = $"plant.network.{Names.Segment(title)}";
        _rates =
        [
            (static one => one.BytesReceived / BytesPerKibibyte, Add($"{name}.received", $"{title} received", "KiB/s"), new Rate(clock)),
            (static one => one.BytesSent / BytesPerKibibyte, Add($"{name}.sent", $"{title} sent", "KiB/s"), new Rate(clock)),
            (static one => one.UnicastPacketsReceived, Add($"{name}.packets-received", $"{title} packets received", "/s"), new Rate(clock)),
            (static one => one.UnicastPacketsSent, Add($"{name}.packets-sent", $"{title} packets sent", "/s"), new Rate(clock)),
        ];
    }

    internal static IEnumerable<NetworkGroup> OfThisMachine(TimeProvider clock) =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(static one => one.OperationalStatus == OperationalStatus.Up || one.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            .DistinctBy(static one => Names.Segment(one.Name))
            .Take(MostInterfaces)
            .Select(one => new NetworkGroup(one, clock));

    internal override void Measure()
    {
        IPInterfaceStatistics statistics = _interface.GetIPStatistics();
        foreach ((Func<IPInterfaceStatistics, double> total, Gauge gauge, Rate rate) in _rates)
        {
            gauge.Value = rate.Of(total(statistics));
        }
    }
}
