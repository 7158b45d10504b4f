using System.Collections.Immutable;

namespace Actors.Messages.Objects;

/// <summary>The number and the payloads of an <see cref="ObjectCall"/>. The request of the operation gives them their meaning.</summary>
public readonly record struct CallContent(long Number, ImmutableArray<ReadOnlyMemory<byte>> Payloads)
{
    /// <summary>Creates a content without payloads.</summary>
    public CallContent(long number)
        : this(number, [])
    {
    }

    /// <summary>Creates a content with payloads alone.</summary>
    public CallContent(ImmutableArray<ReadOnlyMemory<byte>> payloads)
        : this(0, payloads)
    {
    }
}
