using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Actors.Messages.Jobs;

namespace Actors.Messages.Executors;

/// <summary>Writes frames to a buffer that is reused. Not thread-safe.</summary>
public sealed class FrameWriter : IBufferWriter<byte>
{
    /// <summary>A larger buffer is released after it is sent, so that one large value does not hold its memory forever.</summary>
    private const int RetainedCapacity = 1 << 20;

    private byte[] _buffer = new byte[4096];
    private int _written;
    private int _frameStart = -1;

    /// <summary>The complete frames.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _written);

    public int Length => _written;

    public void BeginFrame(FrameKind kind)
    {
        _frameStart = _written;
        WriteInt32(0);
        WriteByte((byte)kind);
    }

    public void EndFrame()
    {
        var length = _written - _frameStart - sizeof(int);
        if (length > ExecutorProtocol.MaxFrameLength)
        {
            _written = _frameStart;
            throw new PayloadTooLargeException(string.Create(
                CultureInfo.InvariantCulture,
                $"The values of one message to or from a worker take {length:N0} bytes; at most {ExecutorProtocol.MaxFrameLength:N0} are "
                + $"allowed (1 GiB). Pass a path, or smaller parts."));
        }

        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_frameStart), length);
    }

    public void ClearFrames()
    {
        _written = 0;
        if (_buffer.Length > RetainedCapacity)
            _buffer = new byte[4096];
    }

    /// <summary>Removes and overwrites all data.</summary>
    public void EraseFrames()
    {
        Array.Clear(_buffer);
        ClearFrames();
    }

    public void WriteByte(byte value)
    {
        EnsureCapacity(1)[0] = value;
        _written += 1;
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(EnsureCapacity(sizeof(int)), value);
        _written += sizeof(int);
    }

    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(EnsureCapacity(sizeof(long)), value);
        _written += sizeof(long);
    }

    public void WriteGuid(Guid value)
    {
        value.TryWriteBytes(EnsureCapacity(16));
        _written += 16;
    }

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(EnsureCapacity(bytes.Length));
        _written += bytes.Length;
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        WriteRaw(bytes);
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt32(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(value, EnsureCapacity(length));
        _written += length;
    }

    public void WriteFailure(FailureInfo? failure)
    {
        WriteByte(failure is null ? (byte)0 : (byte)1);
        if (failure is null)
            return;
        WriteString(failure.TypeName);
        WriteString(failure.AssemblyName);
        WriteString(failure.Message);
        WriteString(failure.StackTrace);
        WriteInt32(failure.Data.Length);
        foreach (var (key, value) in failure.Data)
        {
            WriteString(key);
            WriteString(value);
        }

        WriteFailure(failure.Inner);
        WriteInt32(failure.MoreInner.IsDefault ? 0 : failure.MoreInner.Length);
        foreach (var more in failure.MoreInner.IsDefault ? [] : failure.MoreInner)
            WriteFailure(more);
        WriteInt32(failure.Values.IsDefault ? 0 : failure.Values.Length);
        foreach (var value in failure.Values.IsDefault ? [] : failure.Values)
            WriteValue(value);
    }

    private void WriteValue(FailureValue value)
    {
        WriteString(value.Owner);
        WriteString(value.Name);
        WriteBytes(value.Type.Span);
        WriteBytes(value.Value.Span);
        WriteString(value.Text);
    }

    public void FillInt32(int reserved, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(reserved), value);

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureCapacity(Math.Max(sizeHint, 256));
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => EnsureCapacity(Math.Max(sizeHint, 256));

    private Span<byte> EnsureCapacity(int count)
    {
        if (_buffer.Length - _written < count)
            GrowBuffer(count);
        return _buffer.AsSpan(_written);
    }

    private void GrowBuffer(int count)
    {
        var needed = (long)_written + count;
        if (needed > Array.MaxLength)
        {
            _written = Math.Max(0, _frameStart);
            throw new PayloadTooLargeException("The values of one message take more than 2 GiB. Pass them in parts.");
        }

        var doubled = Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length));
        var larger = GC.AllocateUninitializedArray<byte>((int)doubled);
        Written.Span.CopyTo(larger);
        _buffer = larger;
    }
}
