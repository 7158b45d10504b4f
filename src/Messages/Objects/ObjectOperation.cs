namespace Actors.Messages.Objects;

/// <summary>What is asked of a managed object. A kind answers its own and refuses the rest.</summary>
public enum ObjectOperation : byte
{
    // Each kind has a range of its own: 1 to 9 queues, 10 locks, 20 conditions, 30 semaphores, 35 events, 40 barriers, 50 values, 55 arrays of
    // bytes, 60 lists, 90 dictionaries, 120 pipes, 130 services, 190 durable objects, 200 what is for the keeper
    // of all objects.

    /// <summary>Queue: put every payload, waiting for room. Answer <see cref="ObjectStatus.Ok"/> or <see cref="ObjectStatus.Full"/>, number: how many were put.</summary>
    Put = 1,

    /// <summary>Queue: take from 1 up to <see cref="ObjectCall.Number"/> items, waiting for the first.</summary>
    Get = 2,

    /// <summary>Queue: number is how many items it holds.</summary>
    Count = 3,

    /// <summary>Queue: number is its capacity, 0 when unbounded.</summary>
    Capacity = 4,

    /// <summary>Queue: so many items that were taken have been dealt with, or <see cref="ObjectStatus.OutOfBounds"/>.</summary>
    TaskDone = 5,

    /// <summary>Queue: wait until every item that was put in has been dealt with.</summary>
    JoinItems = 6,

    /// <summary>Lock: take it, waiting for it. Number of the answer: the fencing token.</summary>
    Acquire = 10,

    /// <summary>Lock: give it back; <see cref="ObjectCall.Number"/> is the token of the acquisition.</summary>
    Release = 11,

    /// <summary>Lock: number is the token of the holder, 0 when free.</summary>
    Holder = 12,

    /// <summary>Condition, asked of its lock: give the lock back, wait for a notification, and take the lock again. <see cref="ObjectCall.Number"/>
    /// is the token of the holder, the payload a <see cref="ConditionArguments"/>. Number of the answer: the new token; it carries one empty value
    /// when the time ran out.</summary>
    ConditionWait = 20,

    /// <summary>Condition, asked of its lock: wake so many that wait. <see cref="ObjectCall.Number"/> is the token of the holder, the payload a
    /// <see cref="ConditionArguments"/>.</summary>
    ConditionNotify = 21,

    /// <summary>Semaphore: take a permit that comes back when it is returned or its process dies, waiting for it. Number of the answer: its name.</summary>
    SemaphoreAcquire = 30,

    /// <summary>Semaphore: use a permit up, waiting for it.</summary>
    SemaphoreWait = 31,

    /// <summary>Semaphore: add <see cref="ObjectCall.Number"/> permits, or <see cref="ObjectStatus.OutOfBounds"/>.</summary>
    SemaphoreRelease = 32,

    /// <summary>Semaphore: give back the permit that <see cref="SemaphoreAcquire"/> named so.</summary>
    SemaphoreReturn = 33,

    /// <summary>Semaphore: number is how many permits are free.</summary>
    SemaphoreCount = 34,

    /// <summary>Event: set it; whoever waits goes on.</summary>
    EventSet = 35,

    /// <summary>Event: clear it.</summary>
    EventClear = 36,

    /// <summary>Event: number is 1 when it is set.</summary>
    EventIsSet = 37,

    /// <summary>Event: wait until it is set.</summary>
    EventWait = 38,

    /// <summary>Barrier: wait for the other parties; <see cref="ObjectCall.Number"/> is 1 for one that would run an action first. Number of the
    /// answer: the place among the parties; or, with one empty value, the round whose last party the caller is: it runs its action.</summary>
    BarrierWait = 40,

    /// <summary>Barrier: the action of this round is done; the parties go on. Number of the answer: the caller's place among them.</summary>
    BarrierRelease = 41,

    /// <summary>Barrier: break it.</summary>
    BarrierAbort = 42,

    /// <summary>Barrier: make it as new; whoever waits gets <see cref="ObjectStatus.Broken"/>.</summary>
    BarrierReset = 43,

    /// <summary>Barrier: number is how many wait; <see cref="ObjectStatus.Broken"/> when it is broken.</summary>
    BarrierWaiting = 44,

    /// <summary>Value: the payload of the answer is the value.</summary>
    GetValue = 50,

    /// <summary>Value: it is the payload from now on.</summary>
    SetValue = 51,

    /// <summary>Value: where it is the first payload it becomes the second, else <see cref="ObjectStatus.Conflict"/> and what it is.</summary>
    ReplaceValue = 52,

    /// <summary>Bytes: so many as the payload says, from the number on.</summary>
    ReadBytes = 55,

    /// <summary>Bytes: from the number on they are the payload.</summary>
    WriteBytes = 56,

    /// <summary>List: number is how many items it has.</summary>
    ListCount = 60,

    /// <summary>List: the item at the number.</summary>
    ListGet = 61,

    /// <summary>List: the item at the number is the payload from now on.</summary>
    ListSet = 62,

    /// <summary>List: appends the payloads.</summary>
    ListAdd = 63,

    /// <summary>List: inserts the payloads before the item at the number.</summary>
    ListInsert = 64,

    /// <summary>List: takes out and gives the item at the number; -1 is the last.</summary>
    ListRemoveAt = 65,

    /// <summary>
    /// List: items from the number on, as many as a message holds. With a payload: only when that is the version. Answer: the version; the
    /// payloads are the count of all items, then the items.
    /// </summary>
    ListPage = 66,

    /// <summary>List: the payloads are the items from now on, when the number is the version or -1.</summary>
    ListReplaceAll = 67,

    /// <summary>List: number is the place of the first item that is the payload, from the number on.</summary>
    ListIndexOf = 68,

    /// <summary>List: takes out the first item that is the payload.</summary>
    ListRemove = 69,

    /// <summary>List: turns the order round.</summary>
    ListReverse = 70,

    /// <summary>List: number is how many items are the payload.</summary>
    ListCountOf = 71,

    /// <summary>List: from the number on, as many items as the first payload says are replaced by the others.</summary>
    ListReplaceRange = 72,

    /// <summary>List: where the item at the number is the first payload it becomes the second, else <see cref="ObjectStatus.Conflict"/> and what it is.</summary>
    ListReplaceItem = 73,

    /// <summary>Dictionary: number is how many keys it has.</summary>
    DictionaryCount = 90,

    /// <summary>Dictionary: the value of the key that is the payload.</summary>
    DictionaryGet = 91,

    /// <summary>Dictionary: sets each key to the value after it.</summary>
    DictionarySet = 92,

    /// <summary>Dictionary: sets the key to the value, or <see cref="ObjectStatus.Exists"/> and the value that it has.</summary>
    DictionaryAdd = 93,

    /// <summary>Dictionary: takes the key out and gives its value.</summary>
    DictionaryRemove = 94,

    /// <summary>Dictionary: takes out and gives the key that was set last, and its value.</summary>
    DictionaryPopLast = 95,

    /// <summary>Dictionary: as <see cref="ListPage"/>; each key is followed by its value.</summary>
    DictionaryPage = 96,

    /// <summary>Dictionary: takes everything out.</summary>
    DictionaryClear = 97,

    /// <summary>Dictionary: where the key has the second payload it gets the third, else <see cref="ObjectStatus.Conflict"/> and what it has.</summary>
    DictionaryReplace = 98,

    /// <summary>
    /// Pipe: the payload is a message from the end of that number (0 or 1); waits for room, and is answered <see cref="ObjectStatus.Broken"/>
    /// when the other end is closed.
    /// </summary>
    PipeSend = 120,

    /// <summary>
    /// Pipe: take the next message at an end. Number: the end, and twice one more than the most bytes allowed, if there is such a limit. A
    /// message that is longer stays where it is: <see cref="ObjectStatus.OutOfBounds"/>, and number is its length.
    /// </summary>
    PipeReceive = 121,

    /// <summary>Pipe: wait until there is something to receive at the end, or the other end is closed.</summary>
    PipePoll = 122,

    /// <summary>Pipe: the caller's process does not use the end any more; with a payload: it has passed it to another, which will.</summary>
    PipeClose = 123,

    /// <summary>Pipe, told: the caller's process uses the end from now on.</summary>
    PipeOpen = 124,

    /// <summary>Service: call it; the payloads are the function and its arguments. Answered with the result, or <see cref="ObjectStatus.Threw"/> and the failure.</summary>
    Invoke = 130,

    /// <summary>
    /// Service, by the process that serves: the answer to the call of that number (negative: its failure; 0: to none), and wait for the next
    /// call. Number of the answer: the call's; payloads: as in <see cref="Invoke"/>.
    /// </summary>
    Serve = 131,

    /// <summary>Service: wait until a process serves.</summary>
    AwaitService = 132,

    /// <summary>
    /// Durable: make it unless it is there. The payload is a <see cref="DurableObjectSpec"/>; <see cref="ObjectCall.Number"/> its bound, -1 for whichever it
    /// has. <see cref="ObjectStatus.Refused"/> when it is there and is another.
    /// </summary>
    Open = 190,

    /// <summary>Durable: remove it, and all that was written of it.</summary>
    Delete = 191,

    /// <summary>Any kind, told and not answered: the caller's process has a proxy of it.</summary>
    Hold = 200,

    /// <summary>Any kind, told and not answered: the caller's process has no proxy of it any more.</summary>
    Drop = 201,

    /// <summary>Any kind, told and not answered: a value with proxies goes into it; the payload is their objects' ids.</summary>
    Contain = 202,
}

/// <summary>What holds for operations.</summary>
internal static class ObjectOperations
{
    /// <summary>Whether the answer hands something over, so that the object must hear that it arrived: until then it is still the object's.</summary>
    public static bool HandsOver(this ObjectOperation operation, ObjectReply reply) =>
        reply.Status is ObjectStatus.Ok or ObjectStatus.OkAbandoned
        && operation is ObjectOperation.Get or ObjectOperation.PipeReceive
            or ObjectOperation.Acquire or ObjectOperation.ConditionWait or ObjectOperation.SemaphoreAcquire or ObjectOperation.SemaphoreWait;
}
