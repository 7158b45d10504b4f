using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random calls on a managed list, compared with .NET's list.</summary>
public sealed class ListStatePropertyTests
{
    private static readonly ObjectOperation[] Operations =
    [
        ObjectOperation.ListGet, ObjectOperation.ListSet, ObjectOperation.ListAdd, ObjectOperation.ListAdd, ObjectOperation.ListInsert,
        ObjectOperation.ListRemoveAt, ObjectOperation.ListRemove, ObjectOperation.ListReverse, ObjectOperation.ListIndexOf,
            ObjectOperation.ListCountOf,
        ObjectOperation.ListReplaceRange, ObjectOperation.ListReplaceItem, ObjectOperation.ListCount,
    ];

    private static readonly Gen<(ObjectOperation Operation, int Index, byte Item, byte Other)[]> Calls =
        Gen.Select(Gen.Int[0, Operations.Length - 1].Select(i => Operations[i]), Gen.Int[-1, 6], Gen.Byte[0, 3], Gen.Byte[0, 3])
            .Array[0, 100];

    [Fact]
    public void List_AfterAnyCalls_EqualsAList() => Calls.Sample(calls =>
    {
        var state = new ListState([]);
        var model = new List<byte>();
        foreach (var (operation, index, item, other) in calls)
        {
            var reply = Ask(state, operation, index, item, other);
            var (status, number, payload) = Model(model, operation, index, item, other);
            Assert.Equal((status, number), (reply.Status, reply.Number));
            Assert.Equal(payload is { } value ? [value] : [], reply.Items());
            Assert.Equal(model, All(state));
        }
    }, iter: 1000);

    [Fact]
    public void ReplaceAll_OlderVersion_IsAConflict()
    {
        var state = new ListState([]);
        var version = Ask(state, ObjectOperation.ListPage, 0, []).Number;
        Ask(state, ObjectOperation.ListAdd, 0, [[1]]);

        Assert.Equal(ObjectStatus.Conflict, Ask(state, ObjectOperation.ListReplaceAll, version, [[2]]).Status);
        Assert.Equal([1], All(state));
    }

    [Fact]
    public void Page_LargerThanAMessage_ComesInPartsOfOneVersion()
    {
        var state = new ListState([.. Enumerable.Repeat(new ReadOnlyMemory<byte>(new byte[3 << 20]), 5)]);

        var first = Ask(state, ObjectOperation.ListPage, 0, []);
        var second = Ask(state, ObjectOperation.ListPage, 2, [BitConverter.GetBytes(first.Number)]);

        Assert.Equal((3, 3), (first.Payloads.Length, second.Payloads.Length));
        Ask(state, ObjectOperation.ListReverse, 0, []);
        Assert.Equal(ObjectStatus.Conflict, Ask(state, ObjectOperation.ListPage, 4, [BitConverter.GetBytes(first.Number)]).Status);
    }

    private static ObjectReply Ask(ListState state, ObjectOperation operation, int index, byte item, byte other) => operation switch
    {
        ObjectOperation.ListReplaceRange => Ask(state, operation, index, [BitConverter.GetBytes((long)item), [other], [item]]),
        ObjectOperation.ListReplaceItem => Ask(state, operation, index, [[item], [other]]),
        _ => Ask(state, operation, index, [[item]]),
    };

    private static ObjectReply Ask(ListState state, ObjectOperation operation, long number, byte[][] payloads) => state.Ask(
        new Caller(1),
        new ObjectCall(default, 1, operation, -1, number, [.. payloads.Select(payload => new ReadOnlyMemory<byte>(payload))])).Single();

    private static byte[] All(ListState state) => Ask(state, ObjectOperation.ListPage, 0, []).Items()[1..];

    private static (ObjectStatus Status, long Number, byte? Payload) Model(List<byte> list, ObjectOperation operation, int index, byte item,
        byte other)
    {
        var has = index >= 0 && index < list.Count;
        switch (operation)
        {
            case ObjectOperation.ListGet when has: return (ObjectStatus.Ok, 0, list[index]);
            case ObjectOperation.ListSet when has: list[index] = item; return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListAdd: list.Add(item); return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListInsert when index >= 0
                && index <= list.Count:
                list.Insert(index, item); return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListRemoveAt when has || (index == -1 && list.Count > 0):
                var at = index == -1 ? list.Count - 1 : index;
                var removed = list[at];
                list.RemoveAt(at);
                return (ObjectStatus.Ok, 0, removed);
            case ObjectOperation.ListRemove when list.Remove(item): return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListReverse: list.Reverse(); return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListIndexOf when index >= 0 && index <= list.Count
                && list.IndexOf(item, index) is >= 0 and var found:
                return (ObjectStatus.Ok, found, null);
            case ObjectOperation.ListCountOf: return (ObjectStatus.Ok, list.Count(one => one == item), null);
            case ObjectOperation.ListCount: return (ObjectStatus.Ok, list.Count, null);
            case ObjectOperation.ListReplaceRange when index >= 0 && index + item <= list.Count:
                list.RemoveRange(index, item);
                list.InsertRange(index, [other, item]);
                return (ObjectStatus.Ok, 0, null);
            case ObjectOperation.ListReplaceItem when has && list[index] != item: return (ObjectStatus.Conflict, 0, list[index]);
            case ObjectOperation.ListReplaceItem when has: list[index] = other; return (ObjectStatus.Ok, 0, null);
            default: return (ObjectStatus.NotFound, 0, null);
        }
    }
}
