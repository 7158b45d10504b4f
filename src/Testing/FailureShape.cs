using System.Diagnostics;

namespace Actors.Testing;

/// <summary>
/// Tells whether two runs fail in the same way: with the same type of exception, at the same line of code, and with the same first line of
/// the message. Numbers in the message may differ.
/// </summary>
/// <param name="Type">The type of the exception.</param>
/// <param name="Text">The first line of the message without digits.</param>
/// <param name="Place">The innermost line of code that is known; empty without symbols.</param>
internal sealed record FailureShape(Type Type, string Text, string Place)
{
    /// <summary>Gets the shape of a failure; null for none.</summary>
    public static FailureShape? Of(Exception? failure) =>
        failure is null ? null : new FailureShape(failure.GetType(), RemoveDigits(failure.Message), FindPlace(failure));

    private static string RemoveDigits(string message) =>
        string.Concat(message.TakeWhile(character => character is not ('\n' or '\r')).Where(character => !char.IsDigit(character)));

    private static string FindPlace(Exception failure) =>
        new StackTrace(failure, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => frame.GetFileLineNumber() > 0) is { } first
            ? FormattableString.Invariant($"{first.GetFileName()}:{first.GetFileLineNumber()}")
            : "";
}
