using Actors.Messages.Objects;

namespace Actors.Messages.Executors;

/// <summary>
/// Receipts for answers of managed objects, in memory that outlives the process that writes them: what user code saw before its process
/// was killed counts as given, without a message for each answer. One thread at a time adds, one at a time takes.
/// </summary>
internal sealed unsafe class ReceiptRing
{
    private const int WordsPerReceipt = 3;

    private readonly long* _added;
    private readonly long* _consumed;
    private readonly long* _receipts;
    private readonly int _capacity;

    /// <param name="words">Where it lies, all zeros at first.</param>
    /// <param name="length">How many words there are.</param>
    public ReceiptRing(long* words, int length)
    {
        _added = words;
        _consumed = words + 1;
        _receipts = words + 2;
        _capacity = (length - 2) / WordsPerReceipt;
    }

    /// <summary>Whether there is a receipt to take.</summary>
    public bool IsEmpty => Volatile.Read(ref *_added) == Volatile.Read(ref *_consumed);

    /// <summary>Adds one; false when there is no room.</summary>
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

    /// <summary>Takes the oldest; false when there is none.</summary>
    /// <exception cref="InvalidDataException">The other process has written numbers that cannot be.</exception>
    public bool TryTake(out ObjectReplyReceived receipt)
    {
        var taken = Volatile.Read(ref *_consumed);
        var added = Volatile.Read(ref *_added);
        if (taken < 0 || added < taken || added - taken > _capacity)
            throw new InvalidDataException($"The progress file announces receipts {taken} to {added}; it holds {_capacity}.");
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
