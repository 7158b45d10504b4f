using Akka.Configuration;

namespace Actors.Coordinator;

/// <summary>Reads sizes of the configuration.</summary>
public static class SizeSetting
{
    /// <summary>The part of the available memory that is a limit by default: 1 / this number. The rest is for connections.</summary>
    private const int MemoryParts = 3;

    /// <summary>Gets the default limit of the memory for one purpose, in bytes.</summary>
    public static long GetPartOfMemory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryParts;

    /// <summary>Reads a size.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="setting">The key.</param>
    /// <param name="automatic">The size that 0 stands for.</param>
    /// <exception cref="ConfigurationException">The size is missing or negative.</exception>
    public static long Read(Config config, string setting, long automatic) => config.GetByteSize(setting) switch
    {
        0 => automatic,
        > 0 and { } size => size,
        _ => throw new ConfigurationException($"{setting} must be a size, or 0."),
    };
}
