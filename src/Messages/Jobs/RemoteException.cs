using System.Collections.ObjectModel;

namespace Actors;

/// <summary>
/// Represents an exception of a job whose type this process does not have or cannot construct. A class can be constructed if all its fields
/// travel, or if it has a constructor with the parameters (<see cref="string"/>, <see cref="Exception"/>), (<see cref="string"/>) or none.
/// For a class of .NET that cannot be constructed, its nearest public base class is used instead, if that is more than
/// <see cref="Exception"/>. The fields of the original exception are in <see cref="Fields"/>.
/// </summary>
public sealed class RemoteException : Exception
{
    internal static readonly IReadOnlyDictionary<string, object?> NoFields = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Creates the exception with a default message.</summary>
    public RemoteException() : this("The job failed.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The message of the original.</param>
    public RemoteException(string message) : this(message, null)
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">The message of the original.</param>
    /// <param name="innerException">The inner exception of the original.</param>
    public RemoteException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The full name of the original's type.</summary>
    public string RemoteTypeName { get; internal init; } = "System.Exception";

    /// <summary>The stack trace of the original as text; null if it was not thrown.</summary>
    public string? RemoteStackTrace { get; internal init; }

    /// <summary>
    /// The fields and properties of the original by name, including private and inherited ones, but without those of
    /// <see cref="Exception"/> itself. If this process does not have the type of a value in the same form, the value is its text. Values
    /// that cannot be carried to another process are missing; the entry <c>Actors.Missing</c> of <see cref="Exception.Data"/> lists them.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Fields { get; internal init; } = NoFields;
}
