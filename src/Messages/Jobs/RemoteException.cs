using System.Collections.ObjectModel;

namespace Actors;

/// <summary>
/// An exception of a job whose own type this process does not have, or cannot construct: a type needs a constructor with the parameters
/// (<see cref="string"/>, <see cref="Exception"/>), (<see cref="string"/>) or none. Its fields are in <see cref="Fields"/>.
/// </summary>
public sealed class RemoteException : Exception
{
    internal static readonly IReadOnlyDictionary<string, object?> NoFields = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Makes the exception with a message of its own.</summary>
    public RemoteException() : this("The job failed.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message of the original.</param>
    public RemoteException(string message) : this(message, null)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message of the original.</param>
    /// <param name="innerException">The inner exception of the original.</param>
    public RemoteException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The full name of the original's type.</summary>
    public string RemoteTypeName { get; internal init; } = "System.Exception";

    /// <summary>Where the original was thrown, as text; null when it was not thrown.</summary>
    public string? RemoteStackTrace { get; internal init; }

    /// <summary>
    /// The fields and properties of the original by name, private and inherited ones too, without those of <see cref="Exception"/> itself. A value whose
    /// type this process does not have in the same form is here as its text. Values that cannot be carried to another process are missing: the entry
    /// <c>Actors.Missing</c> of <see cref="Exception.Data"/> names them.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Fields { get; internal init; } = NoFields;
}
