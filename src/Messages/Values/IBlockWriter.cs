using System.Buffers;

namespace Actors.Messages.Values;

/// <summary>An output that takes a large block from where it lies, rather than make room for all of it.</summary>
internal interface IBlockWriter : IBufferWriter<byte>
{
    /// <summary>Takes the block, behind all that was written before.</summary>
    void WriteBlock(ReadOnlySpan<byte> block);
}
