using System.Collections.Immutable;
using Actors.Checkers;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

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
        var key = choice / 7 % 2;
        var (value, expected) = ((long)(choice / 14 % 5), (long)(choice / 70 % 5));
        var (item, name) = (ObjectWorld.Encode(value), ObjectWorld.Encode(key));
        switch (choice % 7)
        {
            case 0: CallDictionary(new ValueInput(ValueAction.Read, Key: $"{key}"), new DictionaryGet(name)); break;
            case 1: CallDictionary(new ValueInput(ValueAction.Write, value, Key: $"{key}"), new DictionarySet([name, item])); break;
            case 2: CallDictionary(new ValueInput(ValueAction.Add, value, Key: $"{key}"), new DictionaryAdd(name, item)); break;
            case 3: CallDictionary(new ValueInput(ValueAction.Remove, Key: $"{key}"), new DictionaryRemove(name)); break;
            case 4:
                CallDictionary(
                    new ValueInput(ValueAction.Replace, value, expected, $"{key}"),
                    new DictionaryReplace(name, ObjectWorld.Encode(expected), item));
                break;
            case 5: CallDictionary(new ValueInput(ValueAction.PopLast), new DictionaryPopLast()); break;
            default: CallDictionary(new ValueInput(ValueAction.Clear), new DictionaryClear()); break;
        }
    }

    private void CallDictionary<TRequest>(ValueInput input, TRequest request)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var call = _world.Entries.BeginOperation(Host.Number, input);
        Call(5, _world.Dictionary, request, 0, reply => _world.OnEntryReply(call, input, reply));
    }

    private void CallList(int choice)
    {
        var input = new ListInput((ListAction)(choice % 10), choice / 10 % 3, choice / 30 % 5, choice / 150 % 3);
        var item = ObjectWorld.Encode(input.Item);
        switch (input.Action)
        {
            case ListAction.Append: CallList(input, new ListAdd([item])); break;
            case ListAction.Insert: CallList(input, new ListInsert(input.Index, [item])); break;
            case ListAction.Read: CallList(input, new ListGet(input.Index)); break;
            case ListAction.Write: CallList(input, new ListSet(input.Index, item)); break;
            case ListAction.RemoveAt: CallList(input, new ListRemoveAt(input.Index)); break;
            case ListAction.Replace: CallList(input, new ListReplaceItem(input.Index, ObjectWorld.Encode(input.Other), item)); break;
            case ListAction.ReplaceRange: CallList(input, new ListReplaceRange(input.Index, input.Other, [item])); break;
            case ListAction.Reverse: CallList(input, new ListReverse()); break;
            case ListAction.IndexOf: CallList(input, new ListIndexOf(item, input.Index)); break;
            default: CallList(input, new ListCount()); break;
        }
    }

    private void CallList<TRequest>(ListInput input, TRequest request)
        where TRequest : struct, IObjectRequest<TRequest>
    {
        var call = _world.Lists.BeginOperation(Host.Number, input);
        Call(7, _world.List, request, 0, reply => _world.OnListReply(call, input, reply));
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
