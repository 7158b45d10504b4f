namespace Actors.Messages;

/// <summary>Makes a record a contract between processes. <see cref="WireContracts"/> lists all of them.</summary>
/// <param name="name">The short name on the wire. It stays the name of this type forever.</param>
/// <param name="senders">The roles whose programs send it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WireContractAttribute(string name, PermittedSenders senders) : Attribute
{
    /// <summary>The short name on the wire.</summary>
    public string Name => name;

    /// <summary>The roles whose programs send it.</summary>
    public PermittedSenders Senders => senders;
}
