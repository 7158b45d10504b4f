using System.Collections.Immutable;
using Actors.Checkers;
using Actors.Messages.Objects;

namespace Actors.Simulation.Tests.Objects;

/// <content>Values, dictionaries, lists and events, whose histories must be linearizable.</content>
internal sealed partial class ObjectUser
{
    private void CallValue(int choice)
    {
        var value = (long)(choice / 3 % 5);
        var input = (choice % 3) switch
        {
            0 => new ValueInput(ValueAction.Read),
            1 => new ValueInput(ValueAction.Write, value),
            _ => new ValueInput(ValueAction.Replace, value, choice / 15 % 5),
        };
        var (operation, payloads) = input.Action switch
        {
            ValueAction.Read => (ObjectOperation.GetValue, ImmutableArray<ReadOnlyMemory<byte>>.Empty),
            ValueAction.Write => (ObjectOperation.SetValue, [ObjectWorld.Encode(value)]),
            _ => (ObjectOperation.ReplaceValue, [ObjectWorld.Encode(input.Expected!.Value), ObjectWorld.Encode(value)]),
        };
        var call = _world.Values.BeginOperation(Host.Number, input);
        Call(4, _world.Value, operation, 0, 0, payloads, reply => _world.OnValueReply(call, input, reply));
    }

    private void CallDictionary(int choice)
    {
        var key = choice / 4 % 2;
        var value = (long)(choice / 8 % 5);
        var (action, operation) = (choice % 4) switch
        {
            0 => (ValueAction.Read, ObjectOperation.DictionaryGet),
            1 => (ValueAction.Write, ObjectOperation.DictionarySet),
            2 => (ValueAction.Add, ObjectOperation.DictionaryAdd),
            _ => (ValueAction.Remove, ObjectOperation.DictionaryRemove),
        };
        var input = new ValueInput(action, value, Key: $"{key}");
        var call = _world.Entries.BeginOperation(Host.Number, input);
        ImmutableArray<ReadOnlyMemory<byte>> payloads = action is ValueAction.Write or ValueAction.Add
            ? [ObjectWorld.Encode(key), ObjectWorld.Encode(value)]
            : [ObjectWorld.Encode(key)];
        Call(5, _world.Dictionary, operation, 0, 0, payloads, reply => _world.OnEntryReply(call, input, reply));
    }

    private void CallList(int choice)
    {
        var (index, item) = (choice / 6 % 3, (long)(choice / 18 % 5));
        var (action, operation) = (choice % 6) switch
        {
            0 => (ListAction.Append, ObjectOperation.ListAdd),
            1 => (ListAction.Insert, ObjectOperation.ListInsert),
            2 => (ListAction.Read, ObjectOperation.ListGet),
            3 => (ListAction.Write, ObjectOperation.ListSet),
            4 => (ListAction.RemoveAt, ObjectOperation.ListRemoveAt),
            _ => (ListAction.Count, ObjectOperation.ListCount),
        };
        var input = new ListInput(action, index, item);
        var call = _world.Lists.BeginOperation(Host.Number, input);
        ImmutableArray<ReadOnlyMemory<byte>> payloads = action is ListAction.Append or ListAction.Insert or ListAction.Write
            ? [ObjectWorld.Encode(item)]
            : [];
        Call(7, _world.List, operation, 0, index, payloads, reply => _world.OnListReply(call, input, reply));
    }

    private void CallEvent(int choice)
    {
        var (input, operation) = (choice % 4) switch
        {
            0 => (new ValueInput(ValueAction.Write, 1), ObjectOperation.EventSet),
            1 => (new ValueInput(ValueAction.Write, 0), ObjectOperation.EventClear),
            2 => (new ValueInput(ValueAction.Read), ObjectOperation.EventIsSet),
            _ => (new ValueInput(ValueAction.Read), ObjectOperation.EventWait),
        };
        var call = _world.Signals.BeginOperation(Host.Number, input);
        Call(8, _world.Event, operation, 400, 0, [], reply => _world.OnEventReply(call, operation, reply));
    }
}
