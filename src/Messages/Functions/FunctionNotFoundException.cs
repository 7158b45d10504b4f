namespace Actors;

/// <summary>
/// The function of a job is not in the executor's code, or is not one that a job may name: the assembly is missing or is another
/// build than the caller's, or it is the framework's or this library's own.
/// </summary>
public sealed class FunctionNotFoundException : Exception
{
    /// <summary>Makes the exception with a message of its own.</summary>
    public FunctionNotFoundException() : base("The function is not in the executor's code.")
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is missing or differs.</param>
    public FunctionNotFoundException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is missing or differs.</param>
    /// <param name="innerException">How the runtime put it.</param>
    public FunctionNotFoundException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
