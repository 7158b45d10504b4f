namespace Actors.Messages.Objects;

/// <summary>
/// The operation of a call on a managed object. Each kind supports its own operations. "Number" and "payload" are those of the call
/// (<see cref="ObjectCall"/>) or of the reply (<see cref="ObjectReply"/>).
/// </summary>
public enum ObjectOperation : byte
{
    // Each kind has its own range: 1 to 9 and 140 queues, 10 locks, 20 conditions, 30 semaphores, 35 events, 40 barriers, 50 values, 55
    // byte arrays, 60 lists, 90 dictionaries, 120 pipes, 130 services, 190 durable objects, 200 operations of all objects.

    /// <summary>
    /// Queue: puts all payloads, waiting for capacity. Reply: <see cref="ObjectStatus.Ok"/> or <see cref="ObjectStatus.Full"/>; the number
    /// of items put.
    /// </summary>
    Put = 1,

    /// <summary>Queue: takes 1 to <see cref="ObjectCall.Number"/> items, waiting for the first.</summary>
    Get = 2,

    /// <summary>Queue: gets the number of items.</summary>
    Count = 3,

    /// <summary>Queue: gets the capacity; 0 if unbounded.</summary>
    Capacity = 4,

    /// <summary>
    /// Queue: marks a number of taken items as done. Above the number of unfinished items: <see cref="ObjectStatus.OutOfBounds"/>.
    /// </summary>
    TaskDone = 5,

    /// <summary>Queue: waits until all items are done.</summary>
    JoinItems = 6,

    /// <summary>Lock: acquires the lock, waiting for it. Reply number: the fencing token.</summary>
    Acquire = 10,

    /// <summary>Lock: releases the lock. Number: the token of the acquisition.</summary>
    Release = 11,

    /// <summary>Lock: gets the token of the holder; 0 if free.</summary>
    Holder = 12,

    /// <summary>
    /// Condition, at its lock: releases the lock, waits for a notification, and acquires the lock again. Number: the token of the holder.
    /// Payload: a <see cref="ConditionArguments"/>. Reply number: the new token. After a timeout, the reply has one empty payload.
    /// </summary>
    ConditionWait = 20,

    /// <summary>
    /// Condition, at its lock: wakes a number of waiters. Number: the token of the holder. Payload: a <see cref="ConditionArguments"/>.
    /// </summary>
    ConditionNotify = 21,

    /// <summary>
    /// Semaphore: acquires a permit, waiting for it. The permit returns when it is released or its process dies. Reply number: the id of
    /// the permit.
    /// </summary>
    SemaphoreAcquire = 30,

    /// <summary>Semaphore: decrements the count, waiting for a permit.</summary>
    SemaphoreWait = 31,

    /// <summary>Semaphore: adds <see cref="ObjectCall.Number"/> permits. Above the bound: <see cref="ObjectStatus.OutOfBounds"/>.</summary>
    SemaphoreRelease = 32,

    /// <summary>Semaphore: returns the permit whose id <see cref="SemaphoreAcquire"/> gave.</summary>
    SemaphoreReturn = 33,

    /// <summary>Semaphore: gets the number of free permits.</summary>
    SemaphoreCount = 34,

    /// <summary>Event: sets the event, which wakes its waiters.</summary>
    EventSet = 35,

    /// <summary>Event: clears the event.</summary>
    EventClear = 36,

    /// <summary>Event: gets 1 if the event is set; otherwise 0.</summary>
    EventIsSet = 37,

    /// <summary>Event: waits until the event is set.</summary>
    EventWait = 38,

    /// <summary>
    /// Barrier: waits for the other parties. Number: 1 if the caller can run an action first. Reply number: the index among the parties. If
    /// the caller is the last party and must run its action, the reply has one empty payload and the number of the round.
    /// </summary>
    BarrierWait = 40,

    /// <summary>
    /// Barrier: reports that the action of a round has run, which wakes the parties. Reply number: the caller's index among them.
    /// </summary>
    BarrierRelease = 41,

    /// <summary>Barrier: breaks the barrier.</summary>
    BarrierAbort = 42,

    /// <summary>Barrier: resets the barrier. Its waiters get <see cref="ObjectStatus.Broken"/>.</summary>
    BarrierReset = 43,

    /// <summary>Barrier: gets the number of waiters; <see cref="ObjectStatus.Broken"/> if it is broken.</summary>
    BarrierWaiting = 44,

    /// <summary>Value: gets the value.</summary>
    GetValue = 50,

    /// <summary>Value: sets the value to the payload.</summary>
    SetValue = 51,

    /// <summary>
    /// Value: replaces the first payload by the second. If the value is another: <see cref="ObjectStatus.Conflict"/> with that value.
    /// </summary>
    ReplaceValue = 52,

    /// <summary>Bytes: reads from offset <see cref="ObjectCall.Number"/>. Payload: the count.</summary>
    ReadBytes = 55,

    /// <summary>Bytes: writes the payload at offset <see cref="ObjectCall.Number"/>.</summary>
    WriteBytes = 56,

    /// <summary>List: gets the number of items.</summary>
    ListCount = 60,

    /// <summary>List: gets the item at index <see cref="ObjectCall.Number"/>.</summary>
    ListGet = 61,

    /// <summary>List: sets the item at index <see cref="ObjectCall.Number"/> to the payload.</summary>
    ListSet = 62,

    /// <summary>List: appends the payloads.</summary>
    ListAdd = 63,

    /// <summary>List: inserts the payloads at index <see cref="ObjectCall.Number"/>.</summary>
    ListInsert = 64,

    /// <summary>List: removes and returns the item at index <see cref="ObjectCall.Number"/>; -1 is the last.</summary>
    ListRemoveAt = 65,

    /// <summary>
    /// List: gets items from index <see cref="ObjectCall.Number"/>, as many as fit into a message. With a payload: only if that is the
    /// current version. Reply: the version as number; as payloads the total count, then the items.
    /// </summary>
    ListPage = 66,

    /// <summary>List: replaces all items by the payloads, if <see cref="ObjectCall.Number"/> is the version or -1.</summary>
    ListReplaceAll = 67,

    /// <summary>List: gets the index of the first item that equals the payload, from index <see cref="ObjectCall.Number"/>.</summary>
    ListIndexOf = 68,

    /// <summary>List: removes the first item that equals the payload.</summary>
    ListRemove = 69,

    /// <summary>List: reverses the items.</summary>
    ListReverse = 70,

    /// <summary>List: counts the items that equal the payload.</summary>
    ListCountOf = 71,

    /// <summary>
    /// List: replaces items from index <see cref="ObjectCall.Number"/>. First payload: how many. Further payloads: the new items.
    /// </summary>
    ListReplaceRange = 72,

    /// <summary>
    /// List: replaces the item at index <see cref="ObjectCall.Number"/> by the second payload, if it equals the first. Otherwise
    /// <see cref="ObjectStatus.Conflict"/> with the item.
    /// </summary>
    ListReplaceItem = 73,

    /// <summary>Dictionary: gets the number of keys.</summary>
    DictionaryCount = 90,

    /// <summary>Dictionary: gets the value of the key in the payload.</summary>
    DictionaryGet = 91,

    /// <summary>Dictionary: sets keys to values. Payloads: keys and values alternate.</summary>
    DictionarySet = 92,

    /// <summary>Dictionary: adds a key and value. If the key exists: <see cref="ObjectStatus.Exists"/> with its value.</summary>
    DictionaryAdd = 93,

    /// <summary>Dictionary: removes a key and returns its value.</summary>
    DictionaryRemove = 94,

    /// <summary>Dictionary: removes and returns the key that was set last, and its value.</summary>
    DictionaryPopLast = 95,

    /// <summary>Dictionary: like <see cref="ListPage"/>. Each key is followed by its value.</summary>
    DictionaryPage = 96,

    /// <summary>Dictionary: removes all keys.</summary>
    DictionaryClear = 97,

    /// <summary>
    /// Dictionary: sets the key (first payload) to the third payload, if its value equals the second. Otherwise
    /// <see cref="ObjectStatus.Conflict"/> with the value.
    /// </summary>
    DictionaryReplace = 98,

    /// <summary>
    /// Pipe: sends the payload from the end <see cref="ObjectCall.Number"/> (0 or 1), waiting for capacity. If the other end is closed:
    /// <see cref="ObjectStatus.Broken"/>.
    /// </summary>
    PipeSend = 120,

    /// <summary>
    /// Pipe: receives the next message at an end. Number: the end, plus twice the sum of 1 and the length limit in bytes, if there is a
    /// limit. A longer message remains in the pipe: <see cref="ObjectStatus.OutOfBounds"/> with its length as number.
    /// </summary>
    PipeReceive = 121,

    /// <summary>Pipe: waits until a message arrives at the end, or the other end is closed.</summary>
    PipePoll = 122,

    /// <summary>
    /// Pipe: the caller's process no longer uses the end. With a payload: it has passed the end to another process, which will use it.
    /// </summary>
    PipeClose = 123,

    /// <summary>Pipe, without reply: the caller's process uses the end.</summary>
    PipeOpen = 124,

    /// <summary>
    /// Service: calls the service. Payloads: the function and its arguments. Reply: the result, or <see cref="ObjectStatus.Threw"/> with
    /// the failure.
    /// </summary>
    Invoke = 130,

    /// <summary>
    /// Service, from the serving process: the reply to a call, and a wait for the next one. Number: that of the call, negative for a
    /// failure, 0 for no reply. Reply number: that of the next call, with payloads as in <see cref="Invoke"/>.
    /// </summary>
    Serve = 131,

    /// <summary>Service: waits until a process serves.</summary>
    AwaitService = 132,

    /// <summary>
    /// Queue: puts an item (second payload) unless an item was put with the key (first payload) before. Reply number: 1 if it was put, 0 if
    /// it was there. If the key belongs to another item: <see cref="ObjectStatus.Conflict"/>. When the queue stays full:
    /// <see cref="ObjectStatus.Full"/>.
    /// </summary>
    PutOnce = 140,

    /// <summary>
    /// Queue: receives an item, waiting for it. The item returns to the queue unless it is acknowledged. Reply number: the number of the
    /// lease. Payloads: the item, and how often it was delivered, as a 32-bit number.
    /// </summary>
    ReceiveItem = 141,

    /// <summary>
    /// Queue: removes a received item. Number: the lease. If the caller does not have the lease: <see cref="ObjectStatus.NotHeld"/>.
    /// </summary>
    AcknowledgeItem = 142,

    /// <summary>Queue: returns a received item. Number and reply as in <see cref="AcknowledgeItem"/>.</summary>
    ReturnItem = 143,

    /// <summary>
    /// Durable: opens or creates the object. Payload: a <see cref="DurableObjectSpec"/>. Number: its bound; -1 accepts any. If an object of
    /// another kind, type or bound exists: <see cref="ObjectStatus.Refused"/>.
    /// </summary>
    Open = 190,

    /// <summary>Durable: removes the object and its stored data.</summary>
    Delete = 191,

    /// <summary>Any kind, without reply: the caller's process has a proxy of the object.</summary>
    Hold = 200,

    /// <summary>Any kind, without reply: the caller's process no longer has a proxy of the object.</summary>
    Drop = 201,

    /// <summary>Any kind, without reply: a value with proxies is stored in the object. Payload: the ids of their objects.</summary>
    Contain = 202,
}

/// <summary>Properties of operations.</summary>
internal static class ObjectOperations
{
    /// <summary>
    /// Whether the reply delivers an item, a lock or a permit. The object must learn of its receipt; until then it still owns it.
    /// </summary>
    public static bool HandsOver(this ObjectOperation operation, ObjectReply reply) =>
        reply.Status is ObjectStatus.Ok or ObjectStatus.OkAbandoned
        && operation is ObjectOperation.Get or ObjectOperation.ReceiveItem or ObjectOperation.PipeReceive
            or ObjectOperation.Acquire or ObjectOperation.ConditionWait
            or ObjectOperation.SemaphoreAcquire or ObjectOperation.SemaphoreWait;
}
