using System.Buffers;

namespace Actors.Messages.Values;

/// <summary>An output that accepts large blocks without copying them to its buffer.</summary>
public interface IBlockWriter : IBufferWriter<byte>
{
    /// <summary>Writes a block after all data that was written before.</summary>
    void WriteBlock(ReadOnlySpan<byte> block);
}
