using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Actors.Analyzers.Jobs;

/// <summary>
/// A change of a variable, of a member of <c>this</c>, or of an object that one of them holds: an assignment, or a call that changes a
/// collection.
/// </summary>
internal sealed class CapturedChange
{
    private readonly IOperation _change;

    private CapturedChange(IOperation use, IOperation change, bool isInside) => (Use, _change, IsInside) = (use, change, isInside);

    /// <summary>Gets the operation that names the variable or member.</summary>
    internal IOperation Use { get; }

    /// <summary>Gets the variable or member.</summary>
    internal ISymbol Holder => JobCode.FindHolder(Use)!;

    /// <summary>Gets whether an object is changed that the variable or member holds. Otherwise it is assigned itself.</summary>
    internal bool IsInside { get; }

    /// <summary>Finds the change in which a variable or member is used; null for other uses.</summary>
    internal static CapturedChange? FindChange(IOperation use)
    {
        for (var place = use; place is not null; place = FindInside(place))
        {
            if (Writes.IsWritten(place))
            {
                return new CapturedChange(use, FindWhole(place), place != use);
            }

            if (place.Parent is IInvocationOperation call && call.Instance == place && CollectionMembers.IsChange(call.TargetMethod))
            {
                return new CapturedChange(use, call, isInside: true);
            }
        }

        return null;
    }

    /// <summary>Whether nothing uses the value of the change. A job that returns it belongs to the given call.</summary>
    internal bool IsUnused(IOperation jobCall) => IsStatement(_change) || (_change.Parent is IReturnOperation && IsStatement(jobCall));

    /// <summary>Gets the part of an object that an operation selects; null when it does something else with the object.</summary>
    private static IOperation? FindInside(IOperation place) => place.Parent switch
    {
        IFieldReferenceOperation field when field.Instance == place => field,
        IPropertyReferenceOperation property when property.Instance == place && IsStored(property.Property) => property,
        IArrayElementReferenceOperation element when element.ArrayReference == place => element,
        IConversionOperation { Conversion: { IsReference: true } or { IsIdentity: true } } conversion => conversion,
        IConditionalAccessOperation access when access.Operation == place => access.WhenNotNull.DescendantsAndSelf()
            .OfType<IConditionalAccessInstanceOperation>().FirstOrDefault(),
        _ => null,
    };

    private static bool IsStored(IPropertySymbol property) =>
        CollectionMembers.IsIndexer(property) || Types.FieldSymbols.IsAutomatic(property);

    /// <summary>Gets the assignment of a written place, or the call that has it as a <c>ref</c> argument.</summary>
    private static IOperation FindWhole(IOperation place) =>
        place.Parent is IArgumentOperation or ITupleOperation or IDeclarationExpressionOperation ? FindWhole(place.Parent) : place.Parent!;

    private static bool IsStatement(IOperation operation) => operation.Parent switch
    {
        IExpressionStatementOperation => true,
        IConversionOperation or IAwaitOperation or IConditionalAccessOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } => IsStatement(operation.Parent),
        _ => false,
    };
}
