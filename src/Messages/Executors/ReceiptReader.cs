using System.Runtime.InteropServices;
using Actors.Messages.Objects;
using Microsoft.Win32.SafeHandles;

namespace Actors.Messages.Executors;

/// <summary>
/// Takes the receipts that a worker adds to its <see cref="ReceiptRing"/>, from the file of the ring. User code runs in the worker and can
/// change the file. One thread at a time takes receipts.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="offset">The position of the ring in the file.</param>
public sealed class ReceiptReader(SafeFileHandle file, long offset)
{
    /// <summary>How often an invalid counter is read.</summary>
    private const int MaxReads = 3;

    private long _taken;

    /// <summary>Takes all receipts, the oldest first.</summary>
    /// <exception cref="InvalidDataException">The other process wrote an invalid counter or truncated the file.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public IReadOnlyList<ObjectReplyReceived> TakeReceipts()
    {
        var added = ReadAdded();
        if (added == _taken)
            return [];
        // The receipts were written before the counter.
        Volatile.ReadBarrier();
        Span<long> words = stackalloc long[ReceiptRing.Capacity * ReceiptRing.WordsPerReceipt];
        ReadWords(words, ReceiptRing.CounterWords);
        var receipts = new ObjectReplyReceived[added - _taken];
        for (var i = 0; i < receipts.Length; i++)
            receipts[i] = ReceiptRing.ReadReceipt(words, _taken + i);
        _taken = added;
        RandomAccess.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in _taken)), offset + sizeof(long));
        return receipts;
    }

    /// <summary>
    /// Reads how many receipts were ever added. The system may copy the counter while the worker changes it. Then the bytes are of two
    /// numbers, and differ by more than the ring holds. So an invalid counter is read again.
    /// </summary>
    private long ReadAdded()
    {
        var added = 0L;
        for (var read = 0; read < MaxReads; read++)
        {
            ReadWords(new Span<long>(ref added), 0);
            if (added >= _taken && added - _taken <= ReceiptRing.Capacity)
                return added;
        }

        throw new InvalidDataException(
            $"The progress file announces {added} receipts after {_taken}, but it holds at most {ReceiptRing.Capacity}.");
    }

    private void ReadWords(Span<long> words, int first)
    {
        var bytes = MemoryMarshal.AsBytes(words);
        if (RandomAccess.Read(file, bytes, offset + first * sizeof(long)) < bytes.Length)
            throw new InvalidDataException("The worker has truncated its progress file.");
    }
}
