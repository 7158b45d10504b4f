using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Objects;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <content>The names of objects. A named object stays until its name is removed.</content>
public sealed partial class ObjectsActor
{
    private readonly ObjectNames _names = new();

    /// <summary>Publishes a name, unless another object has it. The answer contains the object with the name.</summary>
    private void PublishName(ObjectProtocol.PublishObject name)
    {
        string? refusal = null;
        if (name.Proxy.IsEmpty)
            RemoveName(name.Name);
        else if (_names.Find(name.Name) is null && IsValid(name))
            refusal = AddName(name);
        AnswerNamed(name.Name, refusal);
    }

    private bool IsValid(ObjectProtocol.PublishObject name) =>
        name.Name.Length <= ObjectProtocol.LongestName
        && ObjectProtocol.MeasurePublication(name) <= ObjectProtocol.LargestPublication
        && !name.Objects.IsEmpty && name.Objects.All(_objects.ContainsKey);

    /// <returns>The reason of a refusal; null if the name was added.</returns>
    private string? AddName(ObjectProtocol.PublishObject name)
    {
        // The publisher may be known only to another coordinator, which forwards the request. The maker of the object is known here.
        var payer = _makers.FindMaker(name.Objects[0]) ?? Sender;
        var charge = ClientUsages.CreateCharge(Context.System, payer, ClientResource.ObjectMemory);
        if (!charge.TryGrow(ObjectNames.Measure(name)))
            return charge.FormatRefusal();
        _names.Add(name, charge);
        foreach (var id in name.Objects)
            _lifetimes.AddName(id, Now);
        return null;
    }

    private void RemoveName(string name)
    {
        foreach (var id in _names.Remove(name)?.Objects ?? [])
            _lifetimes.RemoveName(id, Now);
    }

    private void RemoveNamesOf(ObjectId id)
    {
        foreach (var name in _names.GetNames(id).ToList())
            RemoveName(name);
    }

    private void AnswerNamed(string name, string? refusal = null) => Sender.Tell(
        _names.Find(name) is { } known
            ? new ObjectProtocol.NamedObjectReply(name, known.Type, known.Proxy)
            : new ObjectProtocol.NamedObjectReply(name, "", default, refusal));
}
