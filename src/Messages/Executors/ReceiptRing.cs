using System.Runtime.InteropServices;
using Actors.Messages.Objects;

namespace Actors.Messages.Executors;

/// <summary>
/// A ring buffer of receipts for replies from managed objects, in memory that outlives the writing process. A reply that user code has seen
/// counts as delivered even if the process is then killed, without a message for each reply. One thread at a time adds. The node takes them
/// with <see cref="ReceiptReader"/>.
/// </summary>
public sealed unsafe class ReceiptRing
{
    /// <summary>The number of 64-bit words before the receipts: the numbers of receipts that were ever added, and ever taken.</summary>
    public const int CounterWords = 2;

    /// <summary>The number of 64-bit words of a receipt.</summary>
    public const int WordsPerReceipt = 3;

    /// <summary>The largest number of receipts. Below 256, so that a counter that is read during its change is recognized.</summary>
    public const int Capacity =
        (ExecutorProgress.Length / sizeof(long) - ExecutorProgress.FirstReceiptWord - CounterWords) / WordsPerReceipt;

    private readonly long* _added;
    private readonly long* _taken;
    private readonly long* _receipts;

    /// <param name="words">The memory, which must be zero at first.</param>
    public ReceiptRing(long* words)
    {
        _added = words;
        _taken = words + 1;
        _receipts = words + CounterWords;
    }

    /// <summary>Whether the ring has no receipt.</summary>
    public bool IsEmpty => Volatile.Read(ref *_added) == Volatile.Read(ref *_taken);

    /// <summary>Adds a receipt; returns false if the ring is full.</summary>
    public bool TryAdd(ObjectReplyReceived receipt)
    {
        var added = Volatile.Read(ref *_added);
        // A number of taken receipts that is read during its change may be too large.
        if ((ulong)(added - Volatile.Read(ref *_taken)) >= Capacity)
            return false;
        var words = _receipts + GetWord(added);
        *(Guid*)words = receipt.Object.Value;
        words[2] = receipt.Call;
        Volatile.Write(ref *_added, added + 1);
        return true;
    }

    /// <summary>Reads a receipt from a copy of the memory behind the counters.</summary>
    /// <param name="words">The copy.</param>
    /// <param name="number">The number of receipts that were added before it.</param>
    public static ObjectReplyReceived ReadReceipt(ReadOnlySpan<long> words, long number)
    {
        var receipt = words.Slice(GetWord(number), WordsPerReceipt);
        return new ObjectReplyReceived(new ObjectId(MemoryMarshal.Read<Guid>(MemoryMarshal.AsBytes(receipt))), receipt[2]);
    }

    private static int GetWord(long number) => (int)(number % Capacity) * WordsPerReceipt;
}
