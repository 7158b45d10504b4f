namespace Actors.Messages.Objects;

#pragma warning disable CS1591 // The requests in the folder Kinds describe the operations.

/// <summary>The operation of a call on a managed object. Each has a request, which describes it.</summary>
public enum ObjectOperation : byte
{
    // Queues.
    Put = 1,
    Get = 2,
    Count = 3,
    Capacity = 4,
    TaskDone = 5,
    JoinItems = 6,

    // Locks.
    Acquire = 10,
    Release = 11,
    Holder = 12,

    // Conditions.
    ConditionWait = 20,
    ConditionNotify = 21,

    // Semaphores.
    SemaphoreAcquire = 30,
    SemaphoreWait = 31,
    SemaphoreRelease = 32,
    SemaphoreReturn = 33,
    SemaphoreCount = 34,

    // Events.
    EventSet = 35,
    EventClear = 36,
    EventIsSet = 37,
    EventWait = 38,

    // Barriers.
    BarrierWait = 40,
    BarrierRelease = 41,
    BarrierAbort = 42,
    BarrierReset = 43,
    BarrierWaiting = 44,

    // Values.
    GetValue = 50,
    SetValue = 51,
    ReplaceValue = 52,

    // Arrays of bytes.
    ReadBytes = 55,
    WriteBytes = 56,

    // Lists.
    ListCount = 60,
    ListGet = 61,
    ListSet = 62,
    ListAdd = 63,
    ListInsert = 64,
    ListRemoveAt = 65,
    ListPage = 66,
    ListReplaceAll = 67,
    ListIndexOf = 68,
    ListRemove = 69,
    ListReverse = 70,
    ListCountOf = 71,
    ListReplaceRange = 72,
    ListReplaceItem = 73,

    // Dictionaries.
    DictionaryCount = 90,
    DictionaryGet = 91,
    DictionarySet = 92,
    DictionaryAdd = 93,
    DictionaryRemove = 94,
    DictionaryPopLast = 95,
    DictionaryPage = 96,
    DictionaryClear = 97,
    DictionaryReplace = 98,

    // Pipes.
    PipeSend = 120,
    PipeReceive = 121,
    PipePoll = 122,
    PipeClose = 123,
    PipeOpen = 124,

    // Services.
    Invoke = 130,
    Serve = 131,
    AwaitService = 132,

    // Queues, continued.
    PutOnce = 140,
    ReceiveItem = 141,
    AcknowledgeItem = 142,
    ReturnItem = 143,

    // Durable objects.
    Open = 190,
    Delete = 191,

    // All objects.
    Hold = 200,
    Drop = 201,
    Contain = 202,
}

#pragma warning restore CS1591

/// <summary>Properties of operations.</summary>
public static class ObjectOperations
{
    /// <summary>
    /// Whether the reply delivers an item, a lock or a permit. The object must learn of its receipt; until then it still owns it.
    /// </summary>
    public static bool HandsOver(this ObjectOperation operation, ObjectReply reply) =>
        reply.Status is ObjectStatus.Ok or ObjectStatus.OkAbandoned
        && operation is ObjectOperation.Get or ObjectOperation.ReceiveItem or ObjectOperation.PipeReceive
            or ObjectOperation.Acquire or ObjectOperation.ConditionWait
            or ObjectOperation.SemaphoreAcquire or ObjectOperation.SemaphoreWait;

    /// <summary>Whether the object retains none of the call's payloads: it only compares them, or has the space for them already.</summary>
    public static bool AddsNoValues(this ObjectOperation operation) =>
        operation is ObjectOperation.DictionaryGet or ObjectOperation.DictionaryRemove
            or ObjectOperation.ListRemove or ObjectOperation.ListIndexOf or ObjectOperation.ListCountOf
            or ObjectOperation.ReadBytes or ObjectOperation.WriteBytes;

    /// <summary>Whether the reply is made anew for each call. Others refer to stored values, or have only a status or a number.</summary>
    public static bool MakesReply(this ObjectOperation operation) =>
        operation is ObjectOperation.ReadBytes or ObjectOperation.ListPage or ObjectOperation.DictionaryPage;
}
