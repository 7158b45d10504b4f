using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>Distinguishes reads and writes of variables.</summary>
internal static class Writes
{
    /// <summary>Whether an operation that names a variable, field or property assigns it.</summary>
    internal static bool IsWritten(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        ITupleOperation tuple => IsWritten(tuple),
        IDeclarationExpressionOperation declaration => IsWritten(declaration),
        _ => false,
    };

    /// <summary>Whether an operation that names a variable, field or property reads it.</summary>
    internal static bool IsRead(IOperation reference) => reference.Parent switch
    {
        ISimpleAssignmentOperation { IsRef: false } or IDeconstructionAssignmentOperation => !IsWritten(reference),
        IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
        ITupleOperation tuple => IsRead(tuple),
        _ => true,
    };
}
