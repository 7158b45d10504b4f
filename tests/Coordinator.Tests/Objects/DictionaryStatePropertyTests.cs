using Actors.Coordinator.Objects;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using CsCheck;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>Random calls on a managed dictionary and a managed value, compared with .NET's own.</summary>
public sealed class DictionaryStatePropertyTests
{
    private static readonly ObjectOperation[] Operations =
    [
        ObjectOperation.DictionaryGet, ObjectOperation.DictionarySet, ObjectOperation.DictionaryAdd, ObjectOperation.DictionaryRemove,
        ObjectOperation.DictionaryPopLast, ObjectOperation.DictionaryReplace, ObjectOperation.DictionaryCount,
            ObjectOperation.DictionaryClear,
    ];

    private static readonly Gen<(ObjectOperation Operation, byte Key, byte Item, byte Other)[]> Calls =
        Gen.Select(Gen.Int[0, Operations.Length - 1].Select(i => Operations[i]), Gen.Byte[0, 5], Gen.Byte[0, 2], Gen.Byte[0, 2])
            .Array[0, 100];

    [Fact]
    public void Dictionary_AfterAnyCalls_EqualsAnOrderedDictionary() => Calls.Sample(calls =>
    {
        var state = new DictionaryState();
        var model = new OrderedDictionary<byte, byte>();
        foreach (var (operation, key, item, other) in calls)
        {
            var reply = Ask(state, operation, operation switch
            {
                ObjectOperation.DictionaryReplace => [key, item, other],
                ObjectOperation.DictionarySet or ObjectOperation.DictionaryAdd => [key, item],
                _ => [key],
            });
            var (status, number, payloads) = Model(model, operation, key, item, other);
            Assert.Equal((status, number), (reply.Status, reply.Number));
            Assert.Equal(payloads, reply.Items());
            Assert.Equal(model.SelectMany(pair => new[] { pair.Key, pair.Value }), Ask(state, ObjectOperation.DictionaryPage, [])
                .Items()[1..]);
        }
    }, iter: 1000);

    [Fact]
    public void Value_AfterAnyCalls_IsTheLastOneSet() => Gen.Select(Gen.Bool, Gen.Byte[0, 2], Gen.Byte[0, 2]).Array[0, 50].Sample(calls =>
    {
        var state = new ValueState(new byte[] { 0 });
        byte model = 0;
        foreach (var (isSet, expected, item) in calls)
        {
            var status = isSet || expected == model ? ObjectStatus.Ok : ObjectStatus.Conflict;
            model = status == ObjectStatus.Ok ? item : model;
            Assert.Equal(status, Ask(state, isSet ? ObjectOperation.SetValue : ObjectOperation.ReplaceValue, isSet ? [item]
                : [expected, item]).Status);
            Assert.Equal([model], Ask(state, ObjectOperation.GetValue, []).Items());
        }
    }, iter: 1000);

    private static ObjectReply Ask(IManagedObjectState state, ObjectOperation operation, byte[] payloads) => state.Ask(
        new Caller(1), new ObjectCall(default, 1, operation, -1, 0, [.. payloads.Select(payload => new ReadOnlyMemory<byte>([payload]))]))
            .Single();

    private static (ObjectStatus Status, long Number, byte[] Payloads) Model(
        OrderedDictionary<byte, byte> model, ObjectOperation operation, byte key, byte item, byte other)
    {
        var has = model.TryGetValue(key, out var found);
        switch (operation)
        {
            case ObjectOperation.DictionaryCount: return (ObjectStatus.Ok, model.Count, []);
            case ObjectOperation.DictionaryGet when has: return (ObjectStatus.Ok, 0, [found]);
            case ObjectOperation.DictionarySet: model[key] = item; return (ObjectStatus.Ok, 0, []);
            case ObjectOperation.DictionaryAdd when has: return (ObjectStatus.Exists, 0, [found]);
            case ObjectOperation.DictionaryAdd: model.Add(key, item); return (ObjectStatus.Ok, 0, []);
            case ObjectOperation.DictionaryRemove when has: model.Remove(key); return (ObjectStatus.Ok, 0, [found]);
            case ObjectOperation.DictionaryPopLast when model.Count > 0:
                var last = model.GetAt(model.Count - 1);
                model.RemoveAt(model.Count - 1);
                return (ObjectStatus.Ok, 0, [last.Key, last.Value]);
            case ObjectOperation.DictionaryClear: model.Clear(); return (ObjectStatus.Ok, 0, []);
            case ObjectOperation.DictionaryReplace when has && found != item: return (ObjectStatus.Conflict, 0, [found]);
            case ObjectOperation.DictionaryReplace when has: model[key] = other; return (ObjectStatus.Ok, 0, []);
            default: return (ObjectStatus.NotFound, 0, []);
        }
    }
}
