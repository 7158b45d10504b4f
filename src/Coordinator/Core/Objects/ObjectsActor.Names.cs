using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <content>The names of objects. A named object stays until its name is removed.</content>
internal sealed partial class ObjectsActor
{
    private readonly Dictionary<string, ObjectProtocol.PublishObject> _names = [];

    /// <summary>Publishes a name, unless another object has it. The answer contains the object with the name.</summary>
    private void PublishName(ObjectProtocol.PublishObject name)
    {
        if (name.Proxy.IsEmpty)
        {
            if (_names.Remove(name.Name, out var before))
                RemoveName(before);
        }
        else if (IsFree(name.Name) && name.Name.Length <= ObjectProtocol.LongestName && name.Objects.All(_objects.ContainsKey))
        {
            _names[name.Name] = name;
            foreach (var id in name.Objects)
                _lifetimes.AddName(id, Now);
        }

        AnswerNamed(name.Name);
    }

    private void RemoveName(ObjectProtocol.PublishObject name)
    {
        foreach (var id in name.Objects)
            _lifetimes.RemoveName(id, Now);
    }

    /// <summary>Whether a name is free. The name of a removed object is free.</summary>
    private bool IsFree(string name) => !_names.TryGetValue(name, out var known) || !known.Objects.All(_objects.ContainsKey);

    private void AnswerNamed(string name) => Sender.Tell(
        IsFree(name)
            ? new ObjectProtocol.NamedObjectReply(name, "", default)
            : new ObjectProtocol.NamedObjectReply(name, _names[name].Type, _names[name].Proxy));
}
