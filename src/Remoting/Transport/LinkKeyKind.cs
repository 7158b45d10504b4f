namespace Actors.Remoting.Transport;

/// <summary>The origin of the key of a program. The numbers are part of the protocol.</summary>
public enum LinkKeyKind : byte
{
    /// <summary>The program has no key.</summary>
    None = 0,

    /// <summary>The key was configured.</summary>
    Configured = 1,

    /// <summary>The key that the programs of one user share on the loopback address.</summary>
    User = 2,
}
