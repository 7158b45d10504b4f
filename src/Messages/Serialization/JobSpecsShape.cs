using Actors.Messages.Jobs;

namespace Actors.Messages.Serialization;

/// <summary>
/// The shape of the output of <see cref="JobSpecsFormatter"/>. A function or a policy follows the first job that refers to its number.
/// </summary>
public sealed class JobSpecsShape(PackedShape function, PackedShape policy, PackedShape stored, PackedShape arguments) : PackedShape
{
    private const int HeadSize = sizeof(long) + sizeof(int) + sizeof(int);

    public override int Smallest => sizeof(int);

    public override void CheckValue(ref PackedCursor cursor)
    {
        var count = cursor.ReadCount(HeadSize + arguments.Smallest);
        if (count == PackedCursor.NullCollection)
            throw cursor.CreateMalformedException("A collection is missing.");
        var (functions, policies) = (0, 0);
        for (var i = 0; i < count; i++)
            CheckJob(ref cursor, ref functions, ref policies);
    }

    private void CheckJob(ref PackedCursor cursor, ref int functions, ref int policies)
    {
        cursor.SkipBytes(sizeof(long));
        var functionNumber = cursor.ReadInt32();
        var policyNumber = cursor.ReadInt32();
        var isStored = functionNumber < 0;
        CheckShared(ref cursor, function, isStored ? ~functionNumber : functionNumber, ref functions);
        CheckShared(ref cursor, policy, policyNumber, ref policies);
        if (isStored)
            stored.CheckValue(ref cursor);
        arguments.CheckValue(ref cursor);
    }

    /// <summary>Checks the number of a function or policy, and the value if it follows.</summary>
    private static void CheckShared(ref PackedCursor cursor, PackedShape shape, int number, ref int written)
    {
        if (number < 0 || number > written)
            throw cursor.CreateMalformedException($"A job refers to function or policy {number}, and {written} were written.");
        if (number == written)
        {
            shape.CheckValue(ref cursor);
            written++;
        }
    }
}
