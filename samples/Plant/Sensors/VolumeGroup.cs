namespace Plant.Sensors;

/// <summary>The space of a volume.</summary>
internal sealed class VolumeGroup : GaugeGroup
{
    private const int MostVolumes = 3;
    private const double BytesPerGibibyte = 1024 * 1024 * 1024;

    private readonly DriveInfo _drive;
    private readonly Gauge _used;
    private readonly Gauge _free;

    private VolumeGroup(DriveInfo drive)
        : base("disks")
    {
        _drive = drive;
        string name = $"plant.volume.{Names.Segment(drive.Name)}";
        _used = Add($"{name}.used", $"{drive.Name} used", "%");
        _free = Add($"{name}.free", $"{drive.Name} free", "GiB");
    }

    internal static IEnumerable<VolumeGroup> OfThisMachine() =>
        DriveInfo
            .GetDrives()
            .Where(static drive => drive is { DriveType: DriveType.Fixed, IsReady: true, TotalSize: > 0 })
            .DistinctBy(static drive => Names.Segment(drive.Name))
            .Take(MostVolumes)
            .Select(static drive => new VolumeGroup(drive));

    internal override void Measure()
    {
        _free.Value = _drive.AvailableFreeSpace / BytesPerGibibyte;
        _used.Value = 100 - 100.0 * _drive.AvailableFreeSpace / _drive.TotalSize;
    }
}
