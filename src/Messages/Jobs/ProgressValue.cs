using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>A value that a job has reported to an <see cref="IProgress{T}"/> of its call.</summary>
/// <param name="Number">
/// The number of the <see cref="IProgress{T}"/> in the call, counted from 0; a negative number for a <see cref="JobLogBatch"/>.
/// </param>
/// <param name="Value">The encoded value.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record ProgressValue(int Number, ReadOnlyMemory<byte> Value)
{
    /// <summary>The largest encoded value in bytes.</summary>
    public const int Largest = 1 << 20;

    /// <summary>Whether the value is a batch of log records.</summary>
    [MemoryPackIgnore]
    public bool IsLogBatch => Number <= JobLogBatch.FirstNumber;
}
