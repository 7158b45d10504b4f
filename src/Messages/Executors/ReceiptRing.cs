using Actors.Messages.Objects;

namespace Actors.Messages.Executors;

/// <summary>
/// A ring buffer of receipts for replies from managed objects, in memory that outlives the writing process. A reply that user code has seen
/// counts as delivered even if the process is then killed, without a message for each reply. One thread at a time adds, and one removes.
/// </summary>
public sealed unsafe class ReceiptRing
{
    private const int WordsPerReceipt = 3;

    private readonly long* _added;
    private readonly long* _consumed;
    private readonly long* _receipts;
    private readonly int _capacity;

    /// <param name="words">The memory, which must be zero at first.</param>
    /// <param name="length">The number of 64-bit words.</param>
    public ReceiptRing(long* words, int length)
    {
        _added = words;
        _consumed = words + 1;
        _receipts = words + 2;
        _capacity = (length - 2) / WordsPerReceipt;
    }

    /// <summary>Whether the ring has no receipt.</summary>
    public bool IsEmpty => Volatile.Read(ref *_added) == Volatile.Read(ref *_consumed);

    /// <summary>Adds a receipt; returns false if the ring is full.</summary>
    public bool TryAdd(ObjectReplyReceived receipt)
    {
        var added = Volatile.Read(ref *_added);
        if (added - Volatile.Read(ref *_consumed) >= _capacity)
            return false;
        var place = GetSlot(added);
        *(Guid*)place = receipt.Object.Value;
        place[2] = receipt.Call;
        Volatile.Write(ref *_added, added + 1);
        return true;
    }

    /// <summary>Removes the oldest receipt; returns false if there is none.</summary>
    /// <exception cref="InvalidDataException">The other process wrote invalid counters.</exception>
    public bool TryTake(out ObjectReplyReceived receipt)
    {
        var taken = Volatile.Read(ref *_consumed);
        var added = Volatile.Read(ref *_added);
        if (taken < 0 || added < taken || added - taken > _capacity)
            throw new InvalidDataException($"The progress file announces receipts {taken} to {added}, but it holds at most {_capacity}.");
        if (added == taken)
        {
            receipt = null!;
            return false;
        }

        var place = GetSlot(taken);
        receipt = new ObjectReplyReceived(new ObjectId(*(Guid*)place), place[2]);
        Volatile.Write(ref *_consumed, taken + 1);
        return true;
    }

    private long* GetSlot(long number) => _receipts + number % _capacity * WordsPerReceipt;
}
