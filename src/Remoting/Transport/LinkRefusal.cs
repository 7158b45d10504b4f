using System.Security.Authentication;
using Actors.Remoting.Access;

namespace Actors.Remoting.Transport;

/// <summary>Why a connection was refused. The numbers are part of the protocol.</summary>
public enum LinkRefusalCode : byte
{
    /// <summary>The bytes are not a handshake.</summary>
    Malformed = 0,

    /// <summary>Another version of the handshake.</summary>
    Version = 1,

    /// <summary>One side has no key, or another one.</summary>
    Key = 2,

    /// <summary>The role is not allowed to connect, or its certificate is for another role.</summary>
    Role = 3,

    /// <summary>The peer was contacted under another address than its own, or claims an address of another.</summary>
    Address = 4,

    /// <summary>The handshake took too long, or there were too many connections.</summary>
    Limit = 5,
}

/// <summary>The refusal of a connection.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Reason">The explanation for the user, with the remedy.</param>
public sealed record LinkRefusal(LinkRefusalCode Code, string Reason)
{
    /// <summary>Creates the exception for a program that wanted to connect.</summary>
    /// <param name="at">The coordinator's address.</param>
    public Exception ToException(HostPort at) => Code switch
    {
        LinkRefusalCode.Version => new OtherVersionException($"The coordinator at {at} is of another version: {Reason}"),
        _ => new AuthenticationException($"Access denied by the coordinator at {at}: {Reason}"),
    };

    /// <summary>Whether another attempt may succeed without a change of configuration.</summary>
    public bool IsTemporary => Code is LinkRefusalCode.Malformed or LinkRefusalCode.Limit;
}

/// <summary>Published on the event stream when a coordinator refused this program, or this program refused a coordinator.</summary>
/// <param name="At">The coordinator's address.</param>
/// <param name="Refusal">The reason.</param>
public sealed record LinkRefused(HostPort At, LinkRefusal Refusal);
