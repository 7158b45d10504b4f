namespace Actors.Messages.Storage;

/// <summary>
/// Shared memory that one object of this process uses. It is unmapped when this object is disposed or collected. The garbage collector does
/// not see spans of it; <see cref="PinMemory"/> keeps it mapped for them. Thread-safe.
/// </summary>
public sealed unsafe class AttachedBlock : IDisposable
{
    /// <summary>The time in milliseconds that a span may outlive its object, in processes that run no jobs.</summary>
    private const long SpanLease = 5000;

    private readonly MappedBlock _mapping;
    private long _pinnedIn = -1;
    private long _pinnedAt = -SpanLease;

    /// <param name="mapping">The memory; this object unmaps it.</param>
    public AttachedBlock(MappedBlock mapping)
    {
        _mapping = mapping;
        Use = AttachedMemory.AddBlock(this, mapping);
    }

    ~AttachedBlock()
    {
        if (Environment.TickCount64 - Volatile.Read(ref _pinnedAt) < SpanLease)
            GC.ReRegisterForFinalize(this);
        else
            ReleaseMapping();
    }

    /// <summary>Its length in bytes.</summary>
    public long Length => _mapping.Length;

    /// <summary>The record of its use by jobs.</summary>
    public AttachedMemory.BlockUse Use { get; }

    /// <summary>
    /// Keeps the memory mapped for a span, even if no object refers to this one any more: in a worker until the running job ends, in other
    /// processes for some seconds. <see cref="Dispose"/> still unmaps it.
    /// </summary>
    /// <returns>The start of the memory.</returns>
    public byte* PinMemory()
    {
        if (AttachedMemory.IsWorker)
            PinForJob();
        else
            Volatile.Write(ref _pinnedAt, Environment.TickCount64);
        return _mapping.Start;
    }

    /// <summary>Copies bytes from the memory.</summary>
    public void ReadBytes(long offset, Span<byte> bytes)
    {
        _mapping.ReadBytes(offset, bytes);
        GC.KeepAlive(this);
    }

    /// <summary>Copies bytes to the memory.</summary>
    public void WriteBytes(long offset, ReadOnlySpan<byte> bytes)
    {
        _mapping.WriteBytes(offset, bytes);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AttachedMemory.UnpinBlock(this);
        ReleaseMapping();
        GC.SuppressFinalize(this);
    }

    private void PinForJob()
    {
        var epoch = AttachedMemory.Epoch;
        if (Volatile.Read(ref _pinnedIn) != epoch)
        {
            AttachedMemory.PinBlock(this);
            Volatile.Write(ref _pinnedIn, epoch);
        }
    }

    private void ReleaseMapping()
    {
        AttachedMemory.RemoveUse(Use);
        _mapping.Dispose();
    }
}
