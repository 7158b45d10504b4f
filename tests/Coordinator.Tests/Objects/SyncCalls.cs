using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Short forms of calls on synchronization objects.</summary>
internal static class SyncCalls
{
    public static ObjectCall Of(ObjectOperation operation, long call, long number = 0, long timeout = -1) =>
        new(default, call, operation, timeout, number, []);

    public static ObjectCall Wait(long call, long token, long condition = 1, long timeout = -1) =>
        new ConditionWait(token, condition).ToCall(default, call, timeout);

    public static ObjectCall Notify(long call, long token, long count = 1, long condition = 1) =>
        new ConditionNotify(token, condition, count).ToCall(default, call, -1);
}
